package io.kontor.sagas.hold;

import io.kontor.api.account.AccountId;
import java.util.UUID;

/** A hold's task instance id: {@code <tenant>/<account>/<hold>}. */
record HoldTaskId(AccountId account, UUID hold) {

  static String of(AccountId account, UUID hold) {
    return account + "/" + hold;
  }

  static HoldTaskId parse(String key) {
    int slash = key.lastIndexOf('/');
    return new HoldTaskId(
        AccountId.parse(key.substring(0, slash)), UUID.fromString(key.substring(slash + 1)));
  }
}
