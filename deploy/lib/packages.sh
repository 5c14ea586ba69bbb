# Sourced by deploy/test, deploy/quickstart and deploy/bench: installs Debian packages and leaves the system's services as they are.
#
# An installed web server starts itself on port 80, now and at the next boot. Neither happens here: while packages are
# being installed /usr/sbin/policy-rc.d forbids starting anything, and what came new is not started at boot.

say() {
    if [ -t 2 ]; then printf '\033[1m==>\033[0m %s\n' "$*" >&2; else printf '==> %s\n' "$*" >&2; fi
}
fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# install_packages NAME...: installs those that are missing; does nothing, and needs no rights, where none is.
install_packages() {
    local name missing=() as_root=()
    command -v dpkg-query >/dev/null || fail "this is not Debian (or alike); install by hand: $*"
    for name in "$@"; do is_installed "$name" || missing+=("$name"); done
    [ ${#missing[@]} -gt 0 ] || return 0

    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail "needs packages; as root: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    say "Installing ${missing[*]}"
    "${as_root[@]}" bash -c "$(declare -f install_quietly)"'; install_quietly "$@"' bash "${missing[@]}" </dev/null >&2 ||
        fail "the packages could not be installed"
}

# Runs as root, in a shell of its own, so that its trap puts policy-rc.d back however it ends.
install_quietly() {
    set -euo pipefail
    policy=/usr/sbin/policy-rc.d saved=/usr/sbin/policy-rc.d.before-wechat-fcgi mark="put here by wechat-fcgi"
    restore() {
        if [ -e "$saved" ] || [ -L "$saved" ]; then mv -f "$saved" "$policy"; else rm -f "$policy"; fi
    }
    # One with our mark was left by a run that was killed: not the one to come back to.
    if { [ -e "$policy" ] || [ -L "$policy" ]; } && ! grep -q "$mark" "$policy" 2>/dev/null; then
        mv -f "$policy" "$saved"
    fi
    trap restore EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    printf '#!/bin/sh\n# %s while it installs packages\nexit 101\n' "$mark" >"$policy"
    chmod 755 "$policy"

    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    apt-get install -q -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@"

    for name in "$@"; do
        case $name in nginx | apache2 | haproxy | redis-server | prometheus) ;; *) continue ;; esac
        if [ -e "/etc/init.d/$name" ]; then update-rc.d "$name" disable >/dev/null 2>&1 || true; fi
        echo "$name is installed and does not start by itself; to have that: systemctl enable --now $name"
    done
}
