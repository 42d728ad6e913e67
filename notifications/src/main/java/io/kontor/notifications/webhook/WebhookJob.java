package io.kontor.notifications.webhook;

import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobPriority;
import io.kontor.job.queue.JobType;
import io.kontor.notifications.webhook.WebhookClient.Outcome;
import io.kontor.notifications.webhook.WebhookOutbox.Message;
import io.kontor.notifications.webhook.WebhookOutbox.Target;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends a webhook what is pending, in order: one that fails is tried again with growing pauses, and
 * the later ones wait for it. Three days without a success switch the webhook off.
 */
public final class WebhookJob implements JobHandler<WebhookJob.Arguments> {
  /** 1, 2, 4 ... seconds, six hours at most: the last attempt is on the third day. */
  static final JobType<Arguments> TYPE =
      new JobType<>(
          "webhook",
          Arguments.class,
          1,
          JobPriority.MEDIUM,
          27,
          1,
          Integer.MAX_VALUE,
          Duration.ofHours(6));

  private static final int AT_ONCE = 200;
  private static final int GONE = 410;
  private static final Duration SOON = Duration.ofSeconds(1);

  private final WebhookOutbox outbox;
  private final TenantTransactions transactions;
  private final WebhookClient client;
  private final Consumer<WebhookSwitchedOff> off;
  private final InstantSource clock;

  /**
   * @param off receives a webhook that is switched off, in the same transaction
   */
  WebhookJob(
      WebhookOutbox outbox,
      TenantTransactions transactions,
      WebhookClient client,
      Consumer<WebhookSwitchedOff> off,
      InstantSource clock) {
    this.outbox = outbox;
    this.transactions = transactions;
    this.client = client;
    this.off = off;
    this.clock = clock;
  }

  record Arguments(UUID webhook) {}

  /** The webhook did not take a message. */
  private static final class NotDeliveredException extends RuntimeException {
    NotDeliveredException(String message) {
      super(message);
    }
  }

  @Override
  public JobType<Arguments> type() {
    return TYPE;
  }

  @Override
  public @Nullable Object run(JobContext<Arguments> job) {
    UUID webhook = job.arguments().webhook();
    List<Message> pending = transactions.read(() -> outbox.pending(webhook, AT_ONCE));
    int done = 0;
    for (Message message : pending) {
      job.progress(done, pending.size(), "messages");
      // Read anew for each message: it may be changed, switched off or deleted meanwhile.
      Optional<Target> target = outbox.target(webhook);
      if (target.isEmpty()) {
        return null;
      }
      Outcome outcome = send(target.get(), message);
      boolean isThere = transactions.write(() -> outbox.record(webhook, message.id(), outcome)) > 0;
      if (isThere && !outcome.isSuccess()) {
        failed(job, target.get(), done, outcome);
        return null;
      }
      done++;
    }
    if (done == AT_ONCE) {
      again(job);
    }
    return null;
  }

  private Outcome send(Target target, Message message) {
    Instant now = clock.instant();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("webhook-id", message.id().toString());
    headers.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
    headers.put(
        "webhook-signature",
        WebhookSignature.of(target.secretsAt(now), message.id().toString(), now, message.body()));
    return client.post(target.url(), headers, message.body());
  }

  /**
   * A failure after a success is a first one: it begins with the shortest pause. One of a former
   * URL is none: the change has enqueued another job.
   */
  private void failed(JobContext<Arguments> job, Target target, int done, Outcome outcome) {
    UUID webhook = job.arguments().webhook();
    boolean isGone = Integer.valueOf(GONE).equals(outcome.status());
    if (isGone || (done == 0 && job.attempt() >= TYPE.maxAttempts())) {
      switchOff(webhook, target.url(), describe(outcome));
    } else if (done > 0) {
      again(job);
    } else if (hasUrl(webhook, target.url())) {
      throw new NotDeliveredException(describe(outcome));
    }
  }

  private boolean hasUrl(UUID webhook, String url) {
    return outbox.target(webhook).filter(target -> target.url().equals(url)).isPresent();
  }

  private void switchOff(UUID webhook, String url, String problem) {
    transactions.write(
        () -> {
          Optional<String> owner = outbox.switchOff(webhook, url, problem);
          owner.ifPresent(by -> off.accept(new WebhookSwitchedOff(webhook, by)));
          return owner;
        });
  }

  private void again(JobContext<Arguments> job) {
    Instant soon = clock.instant().plus(SOON);
    transactions.write(() -> outbox.enqueue(job.tenant(), job.arguments().webhook(), soon));
  }

  private static String describe(Outcome outcome) {
    return outcome.status() == null ? outcome.answer() : "status " + outcome.status();
  }
}
