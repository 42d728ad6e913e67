package io.kontor.notifications.webhook;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

/**
 * The address of a webhook.
 *
 * @param isSecure whether it is called over TLS
 * @param target path and query
 */
record WebhookAddress(boolean isSecure, String host, int port, String target) {
  private static final int LONGEST = 500;
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final int MAX_PORT = 65_535;

  /** Networks that are not the internet, beside those that {@link InetAddress} knows. */
  private static final List<Network> NOT_PUBLIC =
      List.of(
          new Network("0.0.0.0", 8),
          new Network("100.64.0.0", 10),
          new Network("192.0.0.0", 24),
          new Network("192.0.2.0", 24),
          new Network("192.88.99.0", 24),
          new Network("198.18.0.0", 15),
          new Network("198.51.100.0", 24),
          new Network("203.0.113.0", 24),
          new Network("240.0.0.0", 4),
          new Network("2001::", 23),
          new Network("2001:db8::", 32),
          new Network("2002::", 16),
          new Network("3fff::", 20));

  /** All public addresses of version 6 are in it. */
  private static final Network GLOBAL_UNICAST = new Network("2000::", 3);

  /**
   * Reads a URL.
   *
   * @param isDevelopment whether HTTP without TLS will do
   * @throws IllegalArgumentException with what is wrong
   */
  static WebhookAddress parse(String url, boolean isDevelopment) {
    if (url.length() > LONGEST) {
      throw new IllegalArgumentException("must have at most %d characters".formatted(LONGEST));
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException malformed) {
      throw new IllegalArgumentException("must be a URL", malformed);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean isSecure = scheme.equals("https");
    if (!isSecure && !(isDevelopment && scheme.equals("http"))) {
      throw new IllegalArgumentException("must begin with https://");
    }
    String host = uri.getHost();
    if (host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("must have a host, and neither a user nor a fragment");
    }
    if (!url.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("must be in ASCII");
    }
    int port = uri.getPort() < 0 ? (isSecure ? HTTPS : HTTP) : uri.getPort();
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("must have a port that exists");
    }
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return new WebhookAddress(isSecure, host, port, path + query);
  }

  /** The value of the header {@code Host}. */
  String authority() {
    return port == (isSecure ? HTTPS : HTTP) ? host : host + ":" + port;
  }

  /**
   * Looks the host up, once for a call, which goes to the result and nowhere else.
   *
   * @param isDevelopment whether it may be anywhere
   * @throws UnknownHostException if it is unknown, or one of its addresses is not public
   */
  InetAddress resolve(boolean isDevelopment) throws UnknownHostException {
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    InetAddress[] found = InetAddress.getAllByName(name);
    for (InetAddress address : found) {
      if (!isDevelopment && !isPublic(address)) {
        throw new UnknownHostException("the host is not on the internet");
      }
    }
    return found[0];
  }

  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    boolean isReachable =
        address instanceof Inet4Address
            || (address instanceof Inet6Address && GLOBAL_UNICAST.contains(address));
    return isReachable && NOT_PUBLIC.stream().noneMatch(network -> network.contains(address));
  }

  /** Addresses that begin with the same bits. */
  private record Network(InetAddress first, int bits) {
    Network(String first, int bits) {
      this(InetAddress.ofLiteral(first), bits);
    }

    boolean contains(InetAddress address) {
      byte[] mine = first.getAddress();
      byte[] other = address.getAddress();
      if (mine.length != other.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >>> (bit % Byte.SIZE);
        if (((mine[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
