# Completion of floorctl in bash (4.4 or newer). Load it with: source <(floorctl completion bash)
_floorctl_complete() {
    local kind value rest program=${1/#\~\//$HOME/}
    COMPREPLY=()
    while IFS=$'\t' read -r kind value rest; do
        case $kind in
            file) compopt -o default ;;
            dir) compopt -o dirnames ;;
            open) compopt -o nospace; COMPREPLY+=("$value") ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(_FLOORCTL_COMPLETE=bash_complete _FLOORCTL_LINE="${COMP_LINE:0:COMP_POINT}" \
        _FLOORCTL_BREAKS="$COMP_WORDBREAKS" "$program" 2>/dev/null)
}
complete -o nosort -F _floorctl_complete floorctl
