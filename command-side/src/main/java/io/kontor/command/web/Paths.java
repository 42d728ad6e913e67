package io.kontor.command.web;

import io.kontor.api.Rejection;
import io.kontor.api.account.AccountId;
import io.kontor.tenancy.Tenancy;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads ids from paths. One that can't exist is answered like one that doesn't. */
final class Paths {
  private static final Pattern ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private Paths() {}

  /** The current tenant's account with this id. */
  static AccountId account(String id) {
    return new AccountId(Tenancy.current(), uuid(id, "account"));
  }

  static UUID hold(String id) {
    return uuid(id, "hold");
  }

  private static UUID uuid(String id, String what) {
    if (!ID.matcher(id).matches()) {
      throw Refusals.problem(new Rejection.Unknown(what));
    }
    return UUID.fromString(id);
  }
}
