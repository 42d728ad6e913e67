package io.kontor.gateway.proxy;

import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A body that is there in time, or fails with an {@link HttpTimeoutException} and ends the
 * connection: the time limit of a request in Java's HTTP client is that of the head of its answer.
 */
final class TimeLimitedBody<T> implements BodySubscriber<T> {
  private final BodySubscriber<T> body;
  private final Duration limit;
  private volatile Flow.@Nullable Subscription subscription;

  TimeLimitedBody(BodySubscriber<T> body, Duration limit) {
    this.body = body;
    this.limit = limit;
  }

  @Override
  public CompletionStage<T> getBody() {
    CompletableFuture<T> whole = body.getBody().toCompletableFuture();
    var inTime = new CompletableFuture<T>();
    var _ =
        whole
            .copy()
            .orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete(
                (value, failure) -> {
                  if (failure == null) {
                    inTime.complete(value);
                  } else if (failure instanceof TimeoutException) {
                    inTime.completeExceptionally(
                        new HttpTimeoutException("the answer was not whole in time"));
                    endConnection(); // not before, as that is a failure, too
                  } else {
                    inTime.completeExceptionally(failure);
                  }
                });
    return inTime;
  }

  private void endConnection() {
    Flow.Subscription open = subscription;
    if (open != null) {
      open.cancel();
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription begun) {
    subscription = begun;
    body.onSubscribe(begun);
  }

  @Override
  public void onNext(List<ByteBuffer> parts) {
    body.onNext(parts);
  }

  @Override
  public void onError(Throwable lost) {
    body.onError(lost);
  }

  @Override
  public void onComplete() {
    body.onComplete();
  }
}
