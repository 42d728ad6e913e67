package io.kontor.projections.transfer;

import static io.kontor.projections.tables.Tables.TRANSFER;

import io.kontor.api.account.AccountEvent.TransferSent;
import io.kontor.projection.EventContext;
import io.kontor.projection.Projection;
import io.kontor.projection.RowChanges;
import java.util.List;
import org.jooq.Table;

/** One row per transfer, from its debit leg. */
public final class TransferProjection implements Projection<TransferSent> {
  /** The projection's name. */
  public static final String NAME = "transfers";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<TransferSent> events() {
    return TransferSent.class;
  }

  @Override
  public List<Table<?>> tables() {
    return List.of(TRANSFER);
  }

  @Override
  public void project(TransferSent sent, EventContext recorded, RowChanges changes) {
    changes
        .insert(TRANSFER, sent.transfer())
        .set(TRANSFER.ENTRY_ID, sent.entry())
        .set(TRANSFER.FROM_ACCOUNT, sent.account().uuid())
        .set(TRANSFER.TO_ACCOUNT, sent.to().uuid())
        .set(TRANSFER.AMOUNT, sent.amount().minorUnits())
        .set(TRANSFER.CURRENCY, sent.amount().currency().getCurrencyCode())
        .set(TRANSFER.REFERENCE, sent.reference())
        .set(TRANSFER.BOOKED_AT, recorded.recordedAt())
        .set(TRANSFER.POSITION, recorded.position());
  }
}
