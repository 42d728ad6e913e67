package io.kontor.projections.engine;

import java.util.List;
import org.jooq.Table;

/**
 * A read model's rules: what one event changes. It does no I/O and remembers nothing, so that the
 * engine may gather, fold and redo.
 *
 * @param <E> the events it is made of; others pass it by
 */
public interface Projection<E> {

  /** The name its progress is kept under; renaming it starts it anew. */
  String name();

  /** The type of its events. */
  Class<E> events();

  /**
   * The tables that are its alone, which a rebuild makes anew. Their definition is the migrations';
   * a rebuild gives each new one the columns, checks and indexes of the one that serves.
   */
  List<Table<?>> tables();

  /**
   * Raised whenever it makes other rows of the same events. A generation of an older version serves
   * until one of this version is built.
   */
  default int version() {
    return 1;
  }

  /** Notes in {@code changes} what {@code event} changes in the tenant's rows. */
  void project(E event, EventContext recorded, RowChanges changes);
}
