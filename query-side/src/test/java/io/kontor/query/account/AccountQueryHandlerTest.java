package io.kontor.query.account;

import static io.kontor.query.BranchOffice.OPENING;
import static io.kontor.query.BranchOffice.euro;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.api.account.AccountBalance;
import io.kontor.api.account.AccountDetails;
import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.AccountQuery.FindAccount;
import io.kontor.api.account.AccountQuery.FindAccounts;
import io.kontor.api.account.AccountQuery.FindBalance;
import io.kontor.api.account.AccountStatus;
import io.kontor.api.money.Money;
import io.kontor.personaldata.SealedText;
import io.kontor.query.BranchOffice;
import io.kontor.tenancy.NoTenantException;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class AccountQueryHandlerTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final BranchOffice OFFICE = new BranchOffice();

  private final AccountQueryHandler queries =
      new AccountQueryHandler(OFFICE.cache, OFFICE.transactions, OFFICE.sql, OFFICE.personalData);

  @AfterAll
  static void close() {
    OFFICE.close();
  }

  @Test
  void anAccountShowsWhatCanBeSpent() {
    AccountId account = OFFICE.opened("acme", "alice");
    OFFICE.deposited(1, account, "50.00", "50.00");
    OFFICE.happens(
        2,
        new AccountEvent.HoldPlaced(
            account, UUID.randomUUID(), euro("20.00"), euro("20.00"), "card", null));

    AccountDetails found = as(ACME, () -> find(account, null)).orElseThrow();
    assertThat(found.balance()).isEqualTo(euro("50.00"));
    assertThat(found.held()).isEqualTo(euro("20.00"));
    assertThat(found.available()).isEqualTo(euro("130.00"));
    assertThat(found.version()).isEqualTo(2);
    assertThat(found.openedAt()).isEqualTo(OPENING);
  }

  @Test
  void anAccountInAWithdrawnCurrencyIsShown() {
    var account = new AccountId(ACME, UUID.randomUUID());
    Money marks = Money.of("12.50", "DEM");
    OFFICE.happens(
        0,
        new AccountEvent.AccountOpened(
            account,
            "anna",
            SealedText.inTheClear("anna", "Anna"),
            marks.currency(),
            Money.zero(marks.currency())));
    OFFICE.happens(
        1, new AccountEvent.MoneyDeposited(account, UUID.randomUUID(), marks, marks, "in"));

    AccountDetails found = as(ACME, () -> find(account, null)).orElseThrow();
    assertThat(found.currency().getCurrencyCode()).isEqualTo("DEM");
    assertThat(found.balance()).isEqualTo(marks);
  }

  @Test
  void anAccountOfAnotherTenantOrCustomerDoesNotExist() {
    AccountId account = OFFICE.opened("acme", "alice");
    assertThat(as(ACME, () -> find(account, "alice"))).isPresent();
    assertThat(as(ACME, () -> find(account, "bob"))).isEmpty();
    assertThat(as(GLOBEX, () -> find(account, null))).isEmpty();
    assertThatThrownBy(() -> find(account, null)).isInstanceOf(NoTenantException.class);
  }

  @Test
  void aListIsReadPageByPage() {
    List<UUID> opened = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      opened.add(OFFICE.opened("acme", "lister").uuid());
    }
    List<UUID> read = new ArrayList<>();
    UUID after = null;
    List<AccountDetails> page;
    do {
      UUID last = after;
      page =
          as(
              ACME,
              () ->
                  queries.handle(new FindAccounts(AccountStatus.OPEN, Set.of("lister"), last, 2)));
      page.forEach(account -> read.add(account.id()));
      after = page.isEmpty() ? null : page.getLast().id();
    } while (!page.isEmpty());
    assertThat(read).containsExactlyInAnyOrderElementsOf(opened).doesNotHaveDuplicates();
    assertThat(as(GLOBEX, () -> queries.handle(new FindAccounts(null, Set.of("lister"), null, 9))))
        .isEmpty();
  }

  @Test
  void aBalanceIsReadAsOfAnyInstant() {
    AccountId account = OFFICE.opened("acme", "alice");
    OFFICE.deposited(1, account, "50.00", "50.00");
    OFFICE.deposited(2, account, "25.00", "75.00");

    assertThat(balance(account, Duration.ofHours(1))).as("booked before").isEqualTo(euro("0.00"));
    assertThat(balance(account, Duration.ofHours(1).plusMillis(1))).isEqualTo(euro("50.00"));
    assertThat(balance(account, Duration.ofHours(2))).isEqualTo(euro("50.00"));
    assertThat(balance(account, Duration.ofDays(400))).isEqualTo(euro("75.00"));
    assertThat(as(GLOBEX, () -> queries.handle(new FindBalance(account.uuid(), OPENING, null))))
        .isEmpty();
  }

  /** Two nodes wrote to the account, and the second node's clock was behind. */
  @Test
  void theNewestBalanceIsThatOfTheLastPostingByPosition() {
    AccountId account = OFFICE.opened("acme", "alice");
    OFFICE.deposited(3, account, "50.00", "50.00");
    OFFICE.deposited(2, account, "25.00", "75.00");

    AccountBalance newest = as(ACME, () -> balanceOf(account, null));
    assertThat(newest.balance()).isEqualTo(euro("75.00"));
    assertThat(newest.at()).isEqualTo(OPENING.plus(Duration.ofHours(2)));
    assertThat(balance(account, Duration.ofHours(4))).isEqualTo(euro("75.00"));
  }

  @Test
  void anAccountWithoutPostingsHasABalanceFromItsOpening() {
    AccountId account = OFFICE.opened("acme", "alice");
    assertThat(as(ACME, () -> balanceOf(account, null)))
        .isEqualTo(new AccountBalance(euro("0.00"), OPENING));
  }

  private AccountBalance balanceOf(AccountId account, Instant at) {
    return queries.handle(new FindBalance(account.uuid(), at, null)).orElseThrow();
  }

  private io.kontor.api.money.Money balance(AccountId account, Duration after) {
    return as(
            ACME, () -> queries.handle(new FindBalance(account.uuid(), OPENING.plus(after), null)))
        .map(AccountBalance::balance)
        .orElseThrow();
  }

  private Optional<AccountDetails> find(AccountId account, String customer) {
    return queries.handle(new FindAccount(account.uuid(), customer), null);
  }

  private static <T> T as(TenantId tenant, Supplier<T> work) {
    return TenantContext.call(tenant, work::get);
  }
}
