package io.kontor.query.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountId;
import io.kontor.api.ledger.LedgerQuery.PostingCursor;
import io.kontor.api.transfer.TransferDetails;
import io.kontor.api.transfer.TransferQuery.FindTransfer;
import io.kontor.api.transfer.TransferQuery.FindTransfers;
import io.kontor.query.BranchOffice;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransferQueryHandlerTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");

  private final BranchOffice office = new BranchOffice();
  private final TransferQueryHandler queries =
      new TransferQueryHandler(office.transactions, office.sql);

  @AfterEach
  void close() {
    office.close();
  }

  @Test
  void aTransferIsSeenByBothItsCustomersAndNoOther() {
    AccountId from = office.opened("acme", "alice");
    AccountId to = office.opened("acme", "bob");
    UUID transfer = office.transferred(1, from, to, "1.00", "-1.00", "1.00");

    for (String customer : List.of("alice", "bob")) {
      assertThat(as(ACME, () -> queries.handle(new FindTransfer(transfer, customer)))).isPresent();
    }
    assertThat(as(ACME, () -> queries.handle(new FindTransfer(transfer, "carol")))).isEmpty();
    assertThat(as(GLOBEX, () -> queries.handle(new FindTransfer(transfer, null)))).isEmpty();
    assertThat(list(null, "carol", null)).isEmpty();
    assertThat(list(null, "bob", null)).hasSize(1);
  }

  @Test
  void anAccountsTransfersAreReadFromTheNewestPageByPage() {
    AccountId a = office.opened("acme", "alice");
    AccountId b = office.opened("acme", "bob");
    AccountId c = office.opened("acme", "carol");
    UUID first = office.transferred(1, a, b, "1.00", "-1.00", "1.00");
    office.transferred(2, b, c, "1.00", "0.00", "1.00");
    UUID third = office.transferred(3, c, a, "1.00", "0.00", "0.00");
    UUID fourth = office.transferred(3, a, c, "1.00", "-1.00", "1.00");

    List<UUID> read = new ArrayList<>();
    PostingCursor before = null;
    List<TransferDetails> page;
    do {
      page = list(a.uuid(), null, before);
      page.forEach(transfer -> read.add(transfer.id()));
      before =
          page.isEmpty()
              ? null
              : new PostingCursor(
                  page.getLast().bookedAt(), page.getLast().position(), page.getLast().id());
    } while (before != null);
    assertThat(read).containsExactly(fourth, third, first);
  }

  private List<TransferDetails> list(UUID account, String customer, PostingCursor before) {
    return as(ACME, () -> queries.handle(new FindTransfers(account, customer, before, 2)));
  }

  private static <T> T as(TenantId tenant, Supplier<T> work) {
    return TenantContext.call(tenant, work::get);
  }
}
