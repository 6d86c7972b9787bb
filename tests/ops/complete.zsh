# complete.zsh FOLDER LINE: what zsh offers at the end of LINE, a word a line, with the completions in FOLDER.
#
# zsh completes only in its line editor, so one runs on a terminal of its own and writes down what it would offer.
zmodload zsh/zpty
folder=$1
offered=$folder/offered
rm -f $offered
cat >$folder/.zshrc <<END
fpath=($folder \$fpath)
autoload -Uz compinit
compinit -u -D
compadd () {
  local -a kept
  local word
  for word in "\$@"; do [[ \$word == -[OAD] ]] && { builtin compadd "\$@"; return } done
  builtin compadd -O kept "\$@"
  print -rl -- \$kept >>$offered
  builtin compadd "\$@"
}
complete-and-end () { zle complete-word; print -r -- ENDED; exit }
zle -N complete-and-end
bindkey '^I' complete-and-end
PS1='READY'
END
export ZDOTDIR=$folder
zpty shell zsh -i
zpty -r shell text '*READY*'
zpty -w -n shell "$2"$'\t'
zpty -r shell text '*ENDED*'
[[ ! -e $offered ]] || grep . $offered
exit 0
