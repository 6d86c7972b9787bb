#compdef mmm-server mmm-agent mmm-sim
# Asks the program's own --help, so it knows what that program knows.

# Fills the array found with "word:what it is" of section $1 of the help text $2.
_mmm_words() {
  found=("${(@f)$(awk -v section="$1" '
    /^[A-Z][a-z]*:$/ { inside = ($0 == section ":") }
    inside && /^  [^ ]/ {
      text = $0
      sub(/^  [^ ]+( [A-Z]+[^ ]*( REQUIRED)?( \.\.\.)?)?/, "", text)
      gsub(/^ +/, "", text)
      n = split($1, names, ",")
      for (i = 1; i <= n; i++) { name = names[i]; gsub(/:/, "\\:", name); print name ":" text }
    }' <<<"$2")}")
  found=(${found:#})
}

local program=$words[1] help options word value
local -a found path_words
help=$($program --help 2>/dev/null) || return 1
options=$help
for word in ${words[2,CURRENT-1]}; do
  _mmm_words Subcommands "$help"
  if (( ${found[(I)$word:*]} )); then
    path_words+=($word)
    help=$($program $path_words --help 2>/dev/null) || return 1
    options+=$'\n'$help
  fi
done
if [[ $words[CURRENT-1] == -* ]]; then
  value=$(awk -v name="$words[CURRENT-1]" '/^  -/ { n = split($1, names, ","); for (i = 1; i <= n; i++) if (names[i] == name && $2 ~ /^[A-Z]+([:=]|$)/) print $2 }' <<<"$options" | tail -n 1)
  if [[ $value == *\{*\}* ]]; then
    value=${value#*\{}
    compadd -- ${(s:,:)value%%\}*}
    return
  elif [[ -n $value ]]; then
    _files
    return
  fi
fi
if [[ $words[CURRENT] == -* ]]; then
  _mmm_words Options "$options"
  _describe -o option found
else
  _mmm_words Subcommands "$help"
  (( $#found )) && _describe command found
  [[ $help == *$'\nPositionals:'* ]] && _files
fi
