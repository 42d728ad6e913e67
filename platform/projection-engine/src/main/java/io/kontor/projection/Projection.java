package io.kontor.projection;

import java.util.List;
import org.jooq.Table;

/**
 * Defines what each event changes in a read model. Does no I/O and has no state, so that the engine
 * may batch, fold and retry.
 *
 * @param <E> the events that it projects; others are skipped
 */
public interface Projection<E> {

  /** Name of its checkpoint; a renamed projection starts again. */
  String name();

  /** The names of projections, in their order. */
  static List<String> names(List<? extends Projection<?>> projections) {
    return projections.stream().<String>map(Projection::name).toList();
  }

  Class<E> events();

  /**
   * The tables that only this projection writes and a rebuild recreates. Migrations define them; a
   * rebuild copies columns, checks and indexes from the live ones.
   */
  List<Table<?>> tables();

  /**
   * Must be raised when the same events produce different rows. A generation of an older version
   * serves until one of this version is built.
   */
  default int version() {
    return 1;
  }

  /** Adds to {@code changes} what {@code event} changes in the tenant's rows. */
  void project(E event, EventContext recorded, RowChanges changes);
}
