# /etc/profile.d/muster.sh: tells Muster who logs in to this server, shows who else works on it, and asks once who you are
# where several people use one account. Works in any POSIX shell; never keeps anybody from logging in.
#
# For log-ins without such a shell, and for accounts that may not read the server's token and have none of their own (they
# pass here in silence), use packaging/pam instead.
case $- in
*i*)
	[ -r /etc/muster/host.conf ] && . /etc/muster/host.conf
	if [ -z "${MUSTER_PRESENCE:-}" ] && command -v muster >/dev/null 2>&1 &&
		{ [ -n "${MUSTER_TOKEN:-}${MUSTER_TOKEN_FILE:-}" ] || [ -r "${MUSTER_HOST_TOKEN_FILE:-/etc/muster/host-token}" ]; }; then
		# Shells inside this one belong to the same log-in.
		MUSTER_PRESENCE=$$
		export MUSTER_PRESENCE
		muster presence begin --ask || :
		trap '[ "$MUSTER_PRESENCE" != "$$" ] || muster presence end || :' EXIT
	fi
	;;
esac
