package io.kontor.lock.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.lock.AcquisitionRetry;
import io.kontor.lock.Lease;
import io.kontor.lock.LeaseLock;
import io.kontor.lock.LeaseOperations;
import io.kontor.lock.LockUnavailableException;
import io.kontor.lock.redis.QuorumVote.Outcome;
import io.kontor.redis.RedisNode;
import io.kontor.redis.RedisScript;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Leases on independent Redis servers by the Redlock algorithm: a lease is held while the majority
 * of the servers has its token. For efficiency only, to avoid that two do the same work: leases
 * have no fencing number, and depend on the servers' clocks and memory. A server that lost its
 * memory must stay away for as long as the longest TTL.
 */
public final class RedisQuorumLock implements LeaseLock, LeaseOperations {
  private static final RedisScript ACQUIRE =
      new RedisScript(
          """
          if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
          return 0
          """);
  private static final RedisScript EXTEND =
      new RedisScript(
          """
          if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
          return redis.call('pexpire', KEYS[1], ARGV[2])
          """);
  private static final RedisScript RELEASE =
      new RedisScript(
          """
          if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
          return redis.call('del', KEYS[1])
          """);

  /**
   * For the answers of the servers to one request. A server that is gone is not waited for while
   * the others are a majority.
   */
  private static final Duration SERVER_TIMEOUT = Duration.ofMillis(200);

  private final List<RedisNode> servers;

  /**
   * @param servers that know nothing of each other; three or five, one more makes none of them
   *     dispensable
   */
  public RedisQuorumLock(List<RedisNode> servers) {
    this.servers = List.copyOf(servers);
  }

  @Override
  public Optional<Lease> tryAcquire(String resource, Duration ttl, Duration wait)
      throws InterruptedException {
    return AcquisitionRetry.within(wait, resource, ttl, left -> acquire(resource, ttl, left));
  }

  private Optional<Lease> acquire(String resource, Duration ttl, Duration left) {
    String token = UUID.randomUUID().toString();
    long requested = System.nanoTime();
    Duration limit =
        left.isPositive() && left.compareTo(SERVER_TIMEOUT) < 0 ? left : SERVER_TIMEOUT;
    List<CompletionStage<Boolean>> answers = ask(ACQUIRE, resource, token, millis(ttl));
    Outcome outcome = QuorumVote.of(answers, limit);
    Lease lease = new Lease(resource, token, OptionalLong.empty(), ttl, requested, this);
    if (outcome == Outcome.YES && lease.isValid()) {
      return Optional.of(lease);
    }
    releaseAfter(answers, resource, token);
    if (outcome == Outcome.UNKNOWN) {
      throw unavailable(resource);
    }
    return Optional.empty();
  }

  /**
   * Releases on each server, also on a silent one, which may have taken the request. There the
   * release must not come first.
   */
  private void releaseAfter(List<CompletionStage<Boolean>> answers, String resource, String token) {
    for (int n = 0; n < answers.size(); n++) {
      RedisNode server = servers.get(n);
      answers
          .get(n)
          .whenComplete((granted, failure) -> ask(server, RELEASE, resource, List.of(token)));
    }
  }

  @Override
  public boolean extend(String resource, String token, Duration ttl) {
    return majority(resource, ask(EXTEND, resource, token, millis(ttl)));
  }

  @Override
  public boolean release(String resource, String token) {
    return majority(resource, ask(RELEASE, resource, token));
  }

  private boolean majority(String resource, List<CompletionStage<Boolean>> answers) {
    return switch (QuorumVote.of(answers, SERVER_TIMEOUT)) {
      case YES -> true;
      case NO -> false;
      case UNKNOWN -> throw unavailable(resource);
    };
  }

  private List<CompletionStage<Boolean>> ask(
      RedisScript script, String resource, String... arguments) {
    return servers.stream()
        .map(server -> ask(server, script, resource, List.of(arguments)))
        .toList();
  }

  private static CompletionStage<Boolean> ask(
      RedisNode server, RedisScript script, String resource, List<String> arguments) {
    return server
        .runInOrder(
            script,
            List.of("kontor:lease:" + resource),
            arguments.stream().map(argument -> argument.getBytes(UTF_8)).toList())
        .thenApply(answer -> answer == 1);
  }

  private static String millis(Duration ttl) {
    return Long.toString(ttl.toMillis());
  }

  private LockUnavailableException unavailable(String resource) {
    return new LockUnavailableException(
        resource,
        new IllegalStateException(
            "the majority of %d servers is silent".formatted(servers.size())));
  }
}
