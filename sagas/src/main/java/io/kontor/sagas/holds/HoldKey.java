package io.kontor.sagas.holds;

import io.kontor.api.account.AccountId;
import java.util.UUID;

/** A hold of an account as a task's name: {@code <tenant>/<account>/<hold>}. */
record HoldKey(AccountId account, UUID hold) {

  static String of(AccountId account, UUID hold) {
    return account + "/" + hold;
  }

  static HoldKey parse(String key) {
    int slash = key.lastIndexOf('/');
    return new HoldKey(
        AccountId.parse(key.substring(0, slash)), UUID.fromString(key.substring(slash + 1)));
  }
}
