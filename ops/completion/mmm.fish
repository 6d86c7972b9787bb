# Completion for the program that this file is named after (mmm-server, mmm-agent, mmm-sim). It asks the program's own
# --help, so it knows what that program knows.

# Prints "word TAB what it is" of a section of the help text on standard input.
function __mmm_words
    awk -v section="$argv[1]" '
        /^[A-Z][a-z]*:$/ { inside = ($0 == section ":") }
        inside && /^  [^ ]/ {
            text = $0
            sub(/^  [^ ]+( [A-Z]+[^ ]*( REQUIRED)?( \.\.\.)?)?/, "", text)
            gsub(/^ +/, "", text)
            n = split($1, names, ",")
            for (i = 1; i <= n; i++) print names[i] "\t" text
        }'
end

function __mmm_complete
    set -l words (commandline -opc)
    set -l program $words[1]
    set -l path
    set -l help ($program --help 2>/dev/null | string collect)
    set -l options $help
    for word in $words[2..-1]
        if printf '%s\n' $help | __mmm_words Subcommands | string match -q -- "$word"\t'*'
            set -a path $word
            set help ($program $path --help 2>/dev/null | string collect)
            set options "$options"\n"$help"
        end
    end
    set -l current (commandline -ct)
    if string match -q -- '-*' $words[-1]
        set -l value (printf '%s\n' $options | awk -v name="$words[-1]" '/^  -/ { n = split($1, names, ","); for (i = 1; i <= n; i++) if (names[i] == name && $2 ~ /^[A-Z]+([:=]|$)/) print $2 }' | tail -n 1)
        if string match -q '*{*}*' -- $value
            string replace -r '.*\{(.*)\}.*' '$1' -- $value | string split ,
            return
        else if test -n "$value"
            __fish_complete_path $current
            return
        end
    end
    if string match -q -- '-*' $current
        printf '%s\n' $options | __mmm_words Options | sort -u
    else
        printf '%s\n' $help | __mmm_words Subcommands
        if string match -q '*Positionals:*' -- $help
            __fish_complete_path $current
        end
    end
end

complete -c (basename (status filename) .fish) -f -a '(__mmm_complete)'
