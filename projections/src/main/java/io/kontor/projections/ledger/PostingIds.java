package io.kontor.projections.ledger;

import java.util.List;
import java.util.UUID;

/**
 * The ids of an entry's postings, derived from the entry's id: a rebuild gives each posting the
 * same id, and an entry's postings are found without an index of their own.
 */
public final class PostingIds {
  static final int DEBIT = 1;
  static final int CREDIT = 2;

  private PostingIds() {}

  /** The ids of both postings of an entry. */
  public static List<UUID> of(UUID entry) {
    return List.of(of(entry, DEBIT), of(entry, CREDIT));
  }

  static UUID of(UUID entry, int leg) {
    return new UUID(entry.getMostSignificantBits(), entry.getLeastSignificantBits() ^ leg);
  }
}
