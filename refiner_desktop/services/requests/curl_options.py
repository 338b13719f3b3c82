"""What curl's options are called, and which of them take a value."""

from __future__ import annotations

LONG = {
    "a": "append", "A": "user-agent", "b": "cookie", "c": "cookie-jar", "C": "continue-at",
    "d": "data", "D": "dump-header", "e": "referer", "E": "cert", "f": "fail", "F": "form",
    "g": "globoff", "G": "get", "H": "header", "i": "include", "I": "head", "j":
    "junk-session-cookies", "k": "insecure", "K": "config", "l": "list-only", "L": "location",
    "m": "max-time", "M": "manual", "n": "netrc", "N": "no-buffer", "o": "output", "O":
    "remote-name", "p": "proxytunnel", "P": "ftp-port", "q": "disable", "Q": "quote", "r": "range",
    "R": "remote-time", "s": "silent", "S": "show-error", "t": "telnet-option", "T": "upload-file",
    "u": "user", "U": "proxy-user", "v": "verbose", "V": "version", "w": "write-out", "x": "proxy",
    "X": "request", "y": "speed-time", "Y": "speed-limit", "z": "time-cond", "Z": "parallel",
    "0": "http1.0", "1": "tlsv1", "2": "sslv2", "3": "sslv3", "4": "ipv4", "6": "ipv6",
    "#": "progress-bar", ":": "next",
}  # fmt: skip
"""The long name of each letter."""

WITH_VALUE = frozenset(
    """
    abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config
    connect-timeout connect-to continue-at cookie cookie-jar create-file-mode crlfile curves data
    data-ascii data-binary data-raw data-urlencode delegation dns-interface dns-ipv4-addr
    dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine etag-compare etag-save
    expect100-timeout form form-string ftp-account ftp-alternative-to-user ftp-method ftp-port
    ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip header hostpubmd5 hostpubsha256
    hsts interface ip-tos ipfs-gateway json keepalive-cnt keepalive-time key key-type krb libcurl
    limit-rate local-port login-options mail-auth mail-from mail-rcpt max-filesize max-redirs
    max-time netrc-file noproxy oauth2-bearer output output-dir parallel-max pass pinnedpubkey
    preproxy proto proto-default proto-redir proxy proxy-cacert proxy-capath proxy-cert
    proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key proxy-key-type proxy-pass
    proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword
    proxy-tlsuser proxy-user proxy1.0 pubkey quote random-file range rate referer request
    request-target resolve retry retry-delay retry-max-time sasl-authzid service-name socks4
    socks4a socks5 socks5-gssapi-service socks5-hostname speed-limit speed-time stderr
    telnet-option tftp-blksize time-cond tls-max tls13-ciphers tlsauthtype tlspassword tlsuser
    trace trace-ascii trace-config unix-socket upload-file url url-query user user-agent variable
    vlan-priority write-out
    """.split()  # noqa: SIM905 - a list would take a line for each
)

OF_NO_MATTER = frozenset(
    """
    append basic compressed cookie-jar create-dirs disable dump-header fail fail-early
    fail-with-body globoff http1.0 http1.1 http2 http2-prior-knowledge include ipv4 ipv6
    junk-session-cookies keepalive keepalive-time libcurl no-buffer no-keepalive
    no-progress-meter output output-dir path-as-is progress-bar progress-meter remote-header-name
    remote-name remote-name-all remote-time show-error show-headers silent ssl-reqd stderr
    styled-output tcp-nodelay tls-max tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 trace trace-ascii
    trace-time verbose write-out
    """.split()  # noqa: SIM905 - a list would take a line for each
)
"""Options that change where an answer goes or how a connection is made, and not what is sent."""

INSTEAD = {
    "insecure": "the server's certificate is always checked",
    "location": "redirects are shown and not followed",
    "location-trusted": "redirects are shown and not followed",
    "max-redirs": "redirects are shown and not followed",
    "proxy": "the system's proxy is used",
    "retry": "a request is sent once",
    "next": "only the first request was taken",
}
"""Options that are left out, and what happens in their place."""
