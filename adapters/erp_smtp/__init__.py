"""Mails handed to a server that speaks SMTP (RFC 5321), over TLS where it can."""

from erp_smtp.sender import SmtpSender
from erp_smtp.server import SmtpServer
from erp_smtp.wire import wire_format

__all__ = ["SmtpSender", "SmtpServer", "wire_format"]
