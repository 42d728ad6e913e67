package io.kontor.command.http;

import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A kind of thing that requests wait for. It is a constant of who answers them, since those who
 * wait for the same kind are looked up together.
 *
 * @param details how one is answered
 * @param isAtRest whether nothing more happens to it by itself
 * @param whichAreAtRest a query that is answered with those ids of many that are at rest
 */
public record Awaited<D>(
    Class<D> details, Predicate<D> isAtRest, Function<Set<UUID>, Object> whichAreAtRest) {}
