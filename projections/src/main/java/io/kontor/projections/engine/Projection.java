package io.kontor.projections.engine;

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

  /** Notes in {@code changes} what {@code event} changes in the tenant's rows. */
  void project(E event, Recorded recorded, Changes changes);
}
