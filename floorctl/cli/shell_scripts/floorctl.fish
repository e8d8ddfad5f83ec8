# Completion of floorctl in fish (3.4 or newer). Load it with: floorctl completion fish | source
function _floorctl_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    type -q $program; or return
    set -l option (string match -r -- '^--[a-z-]+=' $words[-1])
    set -q option[1]; or set option ''
    for line in (_FLOORCTL_COMPLETE=fish_complete _FLOORCTL_WORDS=(string join \x1f -- $words | string collect) $program 2>/dev/null)
        set -l parts (string split \t -- $line)
        switch $parts[1]
            case file
                printf '%s\n' $option(__fish_complete_path $parts[2])
            case dir
                printf '%s\n' $option(__fish_complete_directories $parts[2])
            case '*'
                printf '%s\t%s\n' $parts[2] $parts[3]
        end
    end
end
complete --no-files --keep-order --command floorctl --arguments '(_floorctl_complete)'
