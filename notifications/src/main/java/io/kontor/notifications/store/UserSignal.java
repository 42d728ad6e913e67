package io.kontor.notifications.store;

import io.kontor.tenancy.TenantId;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A user in the signals between nodes: a digest of eight digits, since any login of the database
 * may listen. Two users may share one, so it only says where to look.
 */
public final class UserSignal {
  /** PostgreSQL's channel, without the schema that its name begins with. */
  public static final String CHANNEL = "notifications";

  /** Redis' channel. */
  public static final String REDIS_CHANNEL = "kontor_notifications";

  private static final HexFormat HEX = HexFormat.of();
  private static final int DIGITS = 8;

  /** A payload of PostgreSQL has less than 8,000 bytes. */
  private static final int AT_ONCE = 900;

  private UserSignal() {}

  /** The digest of a user. */
  public static String of(TenantId tenant, String subject) {
    return HEX.toHexDigits((tenant + " " + subject).hashCode());
  }

  /** The digests of users. */
  static List<String> digests(TenantId tenant, Set<String> subjects) {
    return subjects.stream().map(subject -> of(tenant, subject)).sorted().toList();
  }

  /** Payloads that hold the digests of all these users. */
  static List<String> payloads(List<String> users) {
    return Stream.iterate(0, from -> from < users.size(), from -> from + AT_ONCE)
        .map(from -> String.join("", users.subList(from, Math.min(users.size(), from + AT_ONCE))))
        .toList();
  }

  /**
   * The users of a payload.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static List<String> users(String payload) {
    if (payload.length() % DIGITS != 0) {
      throw new IllegalArgumentException("not a list of users");
    }
    return Stream.iterate(0, from -> from < payload.length(), from -> from + DIGITS)
        .map(from -> payload.substring(from, from + DIGITS))
        .toList();
  }
}
