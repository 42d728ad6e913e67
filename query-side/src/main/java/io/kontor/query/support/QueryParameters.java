package io.kontor.query.support;

import io.kontor.api.ledger.LedgerQuery.PostingCursor;
import io.kontor.api.message.Validation;
import io.kontor.tenancy.Uuids;
import io.kontor.web.json.Instants;
import io.kontor.web.paging.Cursor;
import io.kontor.web.paging.Page;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.Digits;
import io.kontor.web.security.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Validates query parameters and encodes the cursors of lists. */
public final class QueryParameters {
  private QueryParameters() {}

  /**
   * Parses an RFC 3339 instant.
   *
   * @throws ProblemException naming the parameter, if it is malformed
   */
  public static @Nullable Instant instant(String name, @Nullable String value) {
    if (value == null) {
      return null;
    }
    try {
      return Instants.parse(value);
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid(name, "must be a time such as 2026-01-31T00:00:00Z");
    }
  }

  /**
   * Validates a search text.
   *
   * @throws ProblemException naming the parameter, if no stored text can match
   */
  public static @Nullable String text(String name, @Nullable String value) {
    try {
      if (value != null) {
        Validation.text(name, value);
      }
      return value;
    } catch (IllegalArgumentException impossible) {
      throw ProblemException.invalid(
          name, String.valueOf(impossible.getMessage()).substring(name.length() + 2));
    }
  }

  /**
   * The customers whose accounts a caller means and may see: none but the caller, if that is one.
   *
   * @param customer the parameter
   * @return all when null
   */
  public static @Nullable Set<String> customers(@Nullable String customer) {
    String wanted = text("customer", customer);
    String own = Caller.current().asCustomer();
    if (own == null) {
      return wanted == null ? null : Set.of(wanted);
    }
    return wanted == null || wanted.equals(own) ? Set.of(own) : Set.of();
  }

  /**
   * A page of a list that was read with one item more than {@code limit}.
   *
   * @param place an item's cursor position, in compact form
   */
  public static <T> Page<T> page(List<T> items, int limit, Function<T, String> place) {
    if (items.size() <= limit) {
      return new Page<>(items, null);
    }
    List<T> shown = items.subList(0, limit);
    return new Page<>(shown, Cursor.encode(place.apply(shown.getLast())));
  }

  /** A posting's cursor position in compact form. */
  public static String compact(Instant bookedAt, long position, UUID id) {
    return bookedAt + " " + position + " " + id;
  }

  /**
   * The position in a cursor made with {@link #compact}.
   *
   * @throws ProblemException if the cursor is malformed
   */
  public static @Nullable PostingCursor postingCursor(@Nullable String cursor) {
    return Cursor.decode(
        cursor,
        text -> {
          String[] parts = text.split(" ", 3);
          return new PostingCursor(
              Instants.parse(parts[0]), Digits.parse(parts[1]), Uuids.parse(parts[2]));
        });
  }
}
