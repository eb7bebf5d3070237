"""What programs use of Python's ``ssl`` to speak HTTPS. The host does the encryption, and checks certificates always."""

from enum import IntEnum, IntFlag

OPENSSL_VERSION = "host"
OPENSSL_VERSION_NUMBER = 0x30000000
OPENSSL_VERSION_INFO = (3, 0, 0, 0, 0)
HAS_SNI = HAS_ALPN = HAS_TLSv1_2 = HAS_TLSv1_3 = True
HAS_NEVER_CHECK_COMMON_NAME = True
CERT_NONE, CERT_OPTIONAL, CERT_REQUIRED = 0, 1, 2
PROTOCOL_TLS = PROTOCOL_SSLv23 = 2
PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER = 16, 17
OP_ALL = OP_NO_SSLv2 = OP_NO_SSLv3 = OP_NO_COMPRESSION = OP_NO_TICKET = OP_NO_TLSv1 = OP_NO_TLSv1_1 = 0
VERIFY_DEFAULT, VERIFY_X509_STRICT, VERIFY_X509_PARTIAL_CHAIN = 0, 32, 0x80000


class TLSVersion(IntEnum):
    """Versions of TLS; which one is used is up to the host."""

    MINIMUM_SUPPORTED = -2
    TLSv1 = 769
    TLSv1_1 = 770
    TLSv1_2 = 771
    TLSv1_3 = 772
    MAXIMUM_SUPPORTED = -1


class Options(IntFlag):
    """Options of a context, which change nothing."""

    NONE = 0


class SSLError(OSError):
    """A connection could not be made secure."""


class SSLCertVerificationError(SSLError, ValueError):
    """A server's certificate is not to be trusted."""


class SSLZeroReturnError(SSLError):
    """A secure connection was closed."""


class SSLWantReadError(SSLError):
    """Never raised here."""


SSLWantWriteError = SSLSyscallError = SSLEOFError = SSLWantReadError
CertificateError = SSLCertVerificationError


class SSLContext:
    """Makes connections secure. Settings are kept and change nothing, but for the check of certificates, which cannot be turned off."""

    minimum_version, maximum_version = TLSVersion.TLSv1_2, TLSVersion.MAXIMUM_SUPPORTED
    options, verify_flags, post_handshake_auth, keylog_filename = 0, 0, False, None
    hostname_checks_common_name = False
    sslsocket_class = None

    def __init__(self, protocol=PROTOCOL_TLS_CLIENT):
        self.protocol = protocol
        self._verify_mode, self._check_hostname = CERT_REQUIRED, True

    @property
    def verify_mode(self):
        """``CERT_REQUIRED``."""
        return self._verify_mode

    @verify_mode.setter
    def verify_mode(self, mode):
        if mode == CERT_NONE:
            raise ValueError("certificates are always checked: the check cannot be turned off in a Swiftlet sandbox")
        self._verify_mode = mode

    @property
    def check_hostname(self):
        """``True``."""
        return self._check_hostname

    @check_hostname.setter
    def check_hostname(self, value):
        if not value:
            raise ValueError("names in certificates are always checked: the check cannot be turned off in a Swiftlet sandbox")

    def wrap_socket(self, sock, server_side=False, do_handshake_on_connect=True, suppress_ragged_eofs=True, server_hostname=None,
                    session=None):  # fmt: skip
        """Have what is sent over ``sock`` be encrypted by the host."""
        if server_side:
            raise SSLError("a Swiftlet sandbox serves no connections")
        sock.is_secure = True
        return sock

    def load_cert_chain(self, certfile, keyfile=None, password=None):
        """Refused: the host has no certificates of its functions."""
        raise SSLError("client certificates are not supported in a Swiftlet sandbox")

    def load_verify_locations(self, cafile=None, capath=None, cadata=None):
        """Nothing: the host's certificates count."""

    load_default_certs = set_default_verify_paths = set_ciphers = set_alpn_protocols = load_verify_locations

    def get_ca_certs(self, binary_form=False):
        """Return none."""
        return []

    def cert_store_stats(self):
        """Return counts of none."""
        return {"x509": 0, "crl": 0, "x509_ca": 0}


def create_default_context(purpose=None, *, cafile=None, capath=None, cadata=None):
    """Return a context."""
    return SSLContext()


_create_default_https_context = _create_unverified_context = _create_stdlib_context = create_default_context


class SSLSocket:
    """For ``isinstance``: no connection is one."""


class SSLObject:
    """For ``isinstance``: no connection is one."""


def match_hostname(cert, hostname):
    """Nothing: the host has checked it."""


class Purpose:
    """What a context is for."""

    SERVER_AUTH, CLIENT_AUTH = "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"
