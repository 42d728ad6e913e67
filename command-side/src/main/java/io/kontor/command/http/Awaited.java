package io.kontor.command.http;

import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A kind of outcome that requests can wait for. Use one constant per controller: waiters with the
 * same instance share one query.
 *
 * @param details the type of its details
 * @param isAtRest whether nothing more happens without a new command
 * @param whichAreAtRest a query that returns those of the given ids that are at rest
 */
public record Awaited<D>(
    Class<D> details, Predicate<D> isAtRest, Function<Set<UUID>, Object> whichAreAtRest) {}
