package io.kontor.console.page;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a person does to one account by a form, and the call of the API that does it. */
enum AccountAction {
  DEPOSIT("deposits", true),
  WITHDRAW("withdrawals", true),
  HOLD("holds", true),
  FREEZE("freeze", false),
  UNFREEZE("unfreeze", false),
  /** Has a form of its own. */
  TRANSFER("", true);

  private final String call;
  private final boolean movesMoney;

  AccountAction(String call, boolean movesMoney) {
    this.call = call;
    this.movesMoney = movesMoney;
  }

  /** The action with that name in an address; null when there is none. */
  static @Nullable AccountAction of(@Nullable String name) {
    return Arrays.stream(values())
        .filter(action -> action.pathName().equals(name))
        .findFirst()
        .orElse(null);
  }

  /** The last part of the form's address. */
  public String pathName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The path of the call, with a place for the account. */
  String callPath() {
    return "/v1/accounts/{}/" + call;
  }

  /** Whether it takes an amount and a reference; if not, a reason. */
  public boolean movesMoney() {
    return movesMoney;
  }
}
