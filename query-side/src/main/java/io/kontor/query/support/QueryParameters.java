package io.kontor.query.support;

import io.kontor.api.ledger.LedgerQuery.Place;
import io.kontor.api.message.Validation;
import io.kontor.tenancy.Uuids;
import io.kontor.web.json.Instants;
import io.kontor.web.paging.Cursor;
import io.kontor.web.paging.Page;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.request.Digits;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Query parameters, checked, and the cursors that lead through lists. */
public final class QueryParameters {
  private QueryParameters() {}

  /**
   * An instant in the form of RFC 3339.
   *
   * @throws ProblemException naming the parameter when it has another form
   */
  public static @Nullable Instant instant(String name, @Nullable String value) {
    if (value == null) {
      return null;
    }
    try {
      return Instants.parse(value);
    } catch (IllegalArgumentException malformed) {
      throw ProblemException.invalid(name, "must be a time such as 2026-01-31T00:00:00Z");
    }
  }

  /**
   * A text to search for.
   *
   * @throws ProblemException naming the parameter when nothing can have that text
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
   * A page of a list of which one item more than the page holds was asked for.
   *
   * @param place where an item stands, in a compact form
   */
  public static <T> Page<T> page(List<T> items, int limit, Function<T, String> place) {
    if (items.size() <= limit) {
      return new Page<>(items, null);
    }
    List<T> shown = items.subList(0, limit);
    return new Page<>(shown, Cursor.encode(place.apply(shown.getLast())));
  }

  /** The compact form of a place, for a cursor. */
  public static String compact(Instant bookedAt, long position, UUID id) {
    return bookedAt + " " + position + " " + id;
  }

  /**
   * The place that a cursor made of {@link #compact} leads to.
   *
   * @throws ProblemException when it is none
   */
  public static @Nullable Place place(@Nullable String cursor) {
    return Cursor.decode(
        cursor,
        text -> {
          String[] parts = text.split(" ", 3);
          return new Place(Instants.parse(parts[0]), Digits.parse(parts[1]), Uuids.parse(parts[2]));
        });
  }
}
