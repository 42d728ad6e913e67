package io.kontor.command.http;

import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A kind of resource whose outcome requests can wait for. Use one constant per controller: waiters
 * with the same instance share one query.
 *
 * @param path the path of the collection that it is created in
 * @param details the type of its details
 * @param isAtRest whether nothing more happens without a new command
 * @param find a query that finds one by its id; with a customer, only if it is theirs
 * @param whichAreAtRest a query that returns those of the given ids that are at rest
 */
public record Awaited<D>(
    String path,
    Class<D> details,
    Predicate<D> isAtRest,
    BiFunction<UUID, @Nullable String, Object> find,
    Function<Set<UUID>, Object> whichAreAtRest) {}
