package io.kontor.api.account;

/** The status of an account. */
public enum AccountStatus {
  OPEN,
  FROZEN,
  CLOSED
}
