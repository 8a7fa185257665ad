# Completion of apk for fish. What may come next, apk says itself.

function __apk_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l lines ($program __complete $words "$current" 2>/dev/null)
    string match -v -- :files $lines
    if contains -- :files $lines
        __fish_complete_path "$current"
    end
end

complete -c apk -f -a '(__apk_complete)'
