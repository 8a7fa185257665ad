# Completion of apk for bash. What may come next, apk says itself.

_apk() {
    # Words as apk gets them: bash also breaks them at = and :.
    local line=${COMP_LINE:0:COMP_POINT} words lines current begun
    read -ra words <<< "$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    (( ${#words[@]} > 1 )) || return
    current=${words[${#words[@]}-1]}
    mapfile -t lines < <("${1/#\~/$HOME}" __complete "${words[@]:1}" 2> /dev/null)
    COMPREPLY=()
    if [[ " ${lines[*]} " == *" :files "* ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        compopt -o filenames 2> /dev/null
    fi
    lines=("${lines[@]%%$'\t'*}")
    # What stands before the last break is on the line already.
    begun=${current%"${current##*[=:@<>]}"}
    local candidate
    if (( ${#lines[@]} < 1000 )); then
        for candidate in "${lines[@]}"; do
            [[ -n $candidate && $candidate != :files ]] && COMPREPLY+=("${candidate#"$begun"}")
        done
    else
        COMPREPLY+=("${lines[@]#"$begun"}")
    fi
}

complete -F _apk apk
