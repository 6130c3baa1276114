"""From where a request came, as far as attempts are counted: one subscriber has one address of
IPv4, and of IPv6 a whole network of 64 bits."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address of the client. The front has seen to it that no client can choose it."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def network_of(request: HttpRequest) -> str:
    """What attempts from an address are counted under."""
    try:
        address = ip_address(address_of(request).partition("%")[0])
    except ValueError:
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, 64), strict=False))
