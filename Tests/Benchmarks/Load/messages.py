"""Requests as the platform would send them: signed queries, messages in plain and in secure mode."""

import base64
import ctypes
import ctypes.util
import functools
import hashlib
import os
import random
import struct
import time

TOKEN = "hello"
APP_ID = "wx0123456789abcdef"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE"
ACCOUNT = "gh_0123456789ab"
TEXT = "this is a test"
# Stands in a pooled message where the load generator writes the MsgId, digit for digit.
ID_PLACEHOLDER = "@" * 16

_next_id = int(time.time()) * 1_000_000


def take_ids(count):
    """The first of `count` message ids (16 digits) that no other request of this run uses."""
    global _next_id
    first = _next_id
    _next_id += count
    return first


def signature(*parts):
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def query(encrypted=None, token=TOKEN):
    """A query string signed now; with the text of Encrypt it carries msg_signature as well."""
    stamp, nonce = str(int(time.time())), str(random.randrange(10**9, 10**10))
    text = f"signature={signature(token, stamp, nonce)}&timestamp={stamp}&nonce={nonce}"
    if encrypted is not None:
        text += f"&encrypt_type=aes&msg_signature={signature(token, stamp, nonce, encrypted)}"
    return text


def open_id(number):
    return f"o6_bmjrPTlm6_2sgVt7hMZOP{number:04d}"


def message(content=TEXT, sender=0, kind="text", identifier=ID_PLACEHOLDER):
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        f"<FromUserName><![CDATA[{open_id(sender)}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>"
        f"<Content><![CDATA[{content}]]></Content><MsgId>{identifier}</MsgId></xml>")


@functools.cache
def _crypto():
    library = ctypes.CDLL(ctypes.util.find_library("crypto") or "libcrypto.so.3")
    for name in ("EVP_CIPHER_CTX_new", "EVP_aes_256_cbc"):
        getattr(library, name).restype = ctypes.c_void_p
    library.EVP_CipherInit_ex.argtypes = [
        ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int]
    library.EVP_CIPHER_CTX_set_padding.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.EVP_CipherUpdate.argtypes = [
        ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(ctypes.c_int), ctypes.c_char_p, ctypes.c_int]
    return library, library.EVP_CIPHER_CTX_new()


def _aes(data, encrypting):
    """AES-256-CBC without padding of its own, by OpenSSL: the standard library of Python has no AES."""
    library, context = _crypto()
    key = base64.b64decode(AES_KEY + "=")
    library.EVP_CipherInit_ex(context, library.EVP_aes_256_cbc(), None, key, key[:16], int(encrypting))
    library.EVP_CIPHER_CTX_set_padding(context, 0)
    output, length = ctypes.create_string_buffer(len(data) + 32), ctypes.c_int()
    if library.EVP_CipherUpdate(context, output, ctypes.byref(length), data, len(data)) != 1:
        raise RuntimeError("OpenSSL refused to encrypt")
    return output.raw[:length.value]


def encrypt(text):
    """The text of Encrypt: 16 random bytes, the length, the message, the AppID, padding to a multiple of 32."""
    body = text.encode()
    plain = os.urandom(16) + struct.pack(">I", len(body)) + body + APP_ID.encode()
    padding = 32 - len(plain) % 32
    return base64.b64encode(_aes(plain + bytes([padding]) * padding, True)).decode()


def decrypt(text):
    plain = _aes(base64.b64decode(text), False)
    length = struct.unpack(">I", plain[16:20])[0]
    return plain[20:20 + length].decode()


def secure_request(text):
    """The query and the body of a request in secure mode."""
    encrypted = encrypt(text)
    body = (f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
            f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>")
    return query(encrypted), body


def write_pool(path, secure=False, count=1000):
    """Writes a pool for post.lua: a query, a tab and a body a line, signed now.

    The MsgId of a plain message is written in by the load generator, request by request. An encrypted one has its own,
    so that a pool of those holds as many messages as will be sent.
    """
    first = take_ids(count)
    with open(path, "w") as file:
        for number in range(count):
            if secure:
                line = secure_request(message(sender=number % 1000, identifier=str(first + number)))
            else:
                line = query(), message(sender=number % 1000)
            file.write("\t".join(line) + "\n")
