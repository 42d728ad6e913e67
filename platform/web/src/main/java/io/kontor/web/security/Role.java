package io.kontor.web.security;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a token's bearer may be. */
public enum Role {
  TELLER,
  CUSTOMER,
  AUDITOR,
  ADMIN,
  /** The clearing house, a machine that tells what became of payments and can do nothing else. */
  CLEARING,
  /** Of the whole installation, and of no tenant. */
  OPERATOR;

  /** The name in a token's {@code roles} claim. */
  public String claim() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of that claim, or nothing: a role that is not known here grants nothing. */
  public static Optional<Role> ofClaim(String claim) {
    return Stream.of(values()).filter(role -> role.claim().equals(claim)).findFirst();
  }
}
