#compdef apk
# Completion of apk for zsh. What may come next, apk says itself.

_apk() {
    local -a lines names shown
    local -i files
    lines=("${(@f)$("${(Q)words[1]}" __complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2> /dev/null)}")
    files=${lines[(Ie):files]}
    lines=("${(@)lines:#(:files|)}")
    names=("${(@)lines%%$'\t'*}")
    shown=("${(@)lines/$'\t'/  -- }")
    (( ${#names} )) && compadd -l -d shown -a names
    (( files )) && _files
}

if [[ $funcstack[1] == _apk ]]; then
    _apk "$@"
else
    compdef _apk apk
fi
