package io.kontor.notifications.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.notifications.stream.NewsSignals;
import io.kontor.notifications.stream.NotificationStreams;
import io.kontor.notifications.stream.OpenConnections;
import io.kontor.notifications.stream.StreamLimits;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketSession;
import tools.jackson.databind.json.JsonMapper;

/** With which status a connection is closed whose database does not answer. */
@Tag("fast")
class SocketClosingTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-29T09:00:00Z"));
  private Duration idle = LONG;
  private Duration passes = Duration.ofSeconds(1);

  @Test
  void aClientThatAnswersNoPingIsGone() {
    idle = Duration.ZERO;
    assertThat(closing(() -> {}, databaseAway())).isEqualTo(1001);
  }

  @Test
  void aTokenThatIsNotValidAnyMoreNeedsAnother() {
    Runnable revoked =
        () -> {
          throw new BadJwtException("revoked");
        };
    assertThat(closing(revoked, databaseAway())).isEqualTo(4401);
  }

  @Test
  void aDatabaseThatDoesNotAnswerForAMinuteIsATryLater() {
    passes = Duration.ofMinutes(2);
    assertThat(closing(() -> {}, databaseAway())).isEqualTo(1013);
  }

  @Test
  void everyOtherFailureIsTheNodes() {
    assertThat(closing(() -> {}, new IllegalStateException("a mistake"))).isEqualTo(1011);
  }

  @Test
  void aConnectionThatOpensTooLateIsATryLater() {
    List<CloseStatus> closed = new ArrayList<>();
    var socket = socket(() -> {}, databaseAway());

    Thread.currentThread().interrupt(); // instead of waiting
    socket.run();
    assertThat(Thread.interrupted()).isTrue();
    socket.afterConnectionEstablished(session(closed));

    assertThat(closed).extracting(CloseStatus::getCode).containsExactly(1013);
  }

  private static RuntimeException databaseAway() {
    return new CannotCreateTransactionException("no connection is free");
  }

  /** The status. */
  private int closing(Runnable verification, RuntimeException failure) {
    List<CloseStatus> closed = new ArrayList<>();
    var socket = socket(verification, failure);
    socket.afterConnectionEstablished(session(closed));
    socket.run();
    return closed.getFirst().getCode();
  }

  /** Time passes with each look at the clock. */
  private NotificationSocket socket(Runnable verification, RuntimeException failure) {
    InstantSource clock = () -> now.updateAndGet(last -> last.plus(passes));
    var limits = new StreamLimits(1, 1, 1, 1, LONG, Duration.ofSeconds(1), idle, List.of());
    var streams =
        new NotificationStreams(new NewsSignals(), new OpenConnections(limits), limits, clock);
    streams.start();
    return TenantContext.call(
        new TenantId("acme"),
        () ->
            new NotificationSocket(
                streams.open("ada", "network", Instant.MAX),
                () -> {
                  throw failure;
                },
                acknowledged -> {},
                new StreamToken(Instant.MAX, verification),
                idle,
                JsonMapper.shared()));
  }

  private static WebSocketSession session(List<CloseStatus> closed) {
    return (WebSocketSession)
        Proxy.newProxyInstance(
            WebSocketSession.class.getClassLoader(),
            new Class<?>[] {WebSocketSession.class},
            (self, method, arguments) -> answer(closed, arguments));
  }

  private static @Nullable Object answer(
      List<CloseStatus> closed, @Nullable Object @Nullable [] arguments) {
    if (arguments != null && Objects.requireNonNull(arguments[0]) instanceof CloseStatus why) {
      closed.add(why);
    }
    return null;
  }
}
