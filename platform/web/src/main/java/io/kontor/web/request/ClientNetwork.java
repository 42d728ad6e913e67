package io.kontor.web.request;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/** What of a client's address is counted. */
public final class ClientNetwork {
  private static final int NETWORK_BYTES = 8;

  private ClientNetwork() {}

  /** A client with one IPv6 address usually has a whole /64 of them. */
  public static String of(String address) {
    InetAddress parsed;
    try {
      parsed = InetAddress.ofLiteral(address);
    } catch (IllegalArgumentException another) {
      return address;
    }
    return parsed instanceof Inet6Address
        ? HexFormat.of().formatHex(parsed.getAddress(), 0, NETWORK_BYTES)
        : parsed.getHostAddress();
  }
}
