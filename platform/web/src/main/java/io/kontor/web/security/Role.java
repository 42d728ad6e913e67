package io.kontor.web.security;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A role of a token's subject. */
public enum Role {
  TELLER,
  CUSTOMER,
  AUDITOR,
  ADMIN,
  /** The clearing house, a machine that reports payment outcomes and can do nothing else. */
  CLEARING,
  /** Operates the whole installation; belongs to no tenant. */
  OPERATOR;

  /** The name in a token's {@code roles} claim. */
  public String claim() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of that claim; empty for an unknown role, which grants nothing. */
  public static Optional<Role> ofClaim(String claim) {
    return Stream.of(values()).filter(role -> role.claim().equals(claim)).findFirst();
  }
}
