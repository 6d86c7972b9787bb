# Completion for mmm-server, mmm-agent and mmm-sim. It asks the program's own --help, so it knows what that program knows.

# Prints the words of section $1 of a help text on standard input: of Options each name, of Subcommands each.
_mmm_words() {
  awk -v section="$1" '
    /^[A-Z][a-z]*:$/ { inside = ($0 == section ":") }
    inside && /^  [^ ]/ { n = split($1, names, ","); for (i = 1; i <= n; i++) print names[i] }'
}

_mmm() {
  local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local help options value word path=() index
  help=$("$program" --help 2>/dev/null) || return
  options=$help
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    if _mmm_words Subcommands <<<"$help" | grep -qxFe "$word"; then
      path+=("$word")
      help=$("$program" "${path[@]}" --help 2>/dev/null) || return
      options+=$'\n'$help
    fi
  done
  COMPREPLY=()
  if [[ $before == -* ]]; then
    # "  -c,--config TEXT  …": with a second column it takes a value, of {these} when they are named.
    value=$(awk -v name="$before" '/^  -/ { n = split($1, names, ","); for (i = 1; i <= n; i++) if (names[i] == name && $2 ~ /^[A-Z]+([:=]|$)/) print $2 }' <<<"$options" | tail -n 1)
    if [[ $value == *"{"*"}"* ]]; then
      value=${value#*\{}
      mapfile -t COMPREPLY < <(compgen -W "$(tr ',' ' ' <<<"${value%%\}*}")" -- "$current")
      return
    elif [[ -n $value ]]; then
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return
    fi
  fi
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_mmm_words Options <<<"$options" | sort -u)" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$(_mmm_words Subcommands <<<"$help")" -- "$current")
    if grep -q '^Positionals:$' <<<"$help"; then
      compopt -o filenames 2>/dev/null
      mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current")
    fi
  fi
}

complete -F _mmm mmm-server mmm-agent mmm-sim
