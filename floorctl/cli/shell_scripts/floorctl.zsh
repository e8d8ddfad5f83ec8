#compdef floorctl
# Completion of floorctl in zsh (5.3 or newer), after compinit. Load it with: source <(floorctl completion zsh)
_floorctl() {
    local kind value help
    local -a asked plain plain_said open open_said
    asked=("${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}")
    while IFS=$'\t' read -r kind value help; do
        case $kind in
            file) compset -P "--*="; _files ;;
            dir) compset -P "--*="; _files -/ ;;
            open) open+=("$value"); open_said+=("$value") ;;
            plain) plain+=("$value"); plain_said+=("$value${help:+  -- $help}") ;;
        esac
    done < <(_FLOORCTL_COMPLETE=zsh_complete _FLOORCTL_WORDS="${(pj:\x1f:)asked}" "${asked[1]/#\~\//$HOME/}" 2>/dev/null)
    (( $#plain )) && compadd -l -V floorctl -d plain_said -a plain
    (( $#open )) && compadd -l -V floorctl -S '' -d open_said -a open
    return 0
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _floorctl "$@"
else
    compdef _floorctl floorctl
fi
