package io.kontor.api.account;

/** Where an account is in its life. */
public enum AccountStatus {
  OPEN,
  FROZEN,
  CLOSED
}
