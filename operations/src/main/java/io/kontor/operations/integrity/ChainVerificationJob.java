package io.kontor.operations.integrity;

import io.kontor.eventstore.chain.ChainVerifier;
import io.kontor.eventstore.chain.ChainVerifier.Finding;
import io.kontor.eventstore.read.EventReader;
import io.kontor.job.queue.JobContext;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobPriority;
import io.kontor.job.queue.JobType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the chain of a tenant's events from the first one to the last that is stored. */
final class ChainVerificationJob implements JobHandler<ChainVerificationJob.Arguments> {
  static final JobType<Arguments> TYPE =
      JobType.of("chain-verification", Arguments.class, JobPriority.LOW).limits(1, 2);

  private static final Logger LOG = LoggerFactory.getLogger(ChainVerificationJob.class);

  private final EventReader events;

  ChainVerificationJob(EventReader events) {
    this.events = events;
  }

  /** The whole chain of the job's tenant. */
  record Arguments() {}

  /**
   * What came of it.
   *
   * @param position of the tenant's last event; 0 without one
   * @param events the length of the chain
   * @param head the hash of the last event, to be kept elsewhere; null without one
   * @param findings empty if each event is as it was stored
   */
  record Verified(long position, long events, @Nullable String head, List<Finding> findings) {}

  @Override
  public JobType<Arguments> type() {
    return TYPE;
  }

  @Override
  public Verified run(JobContext<Arguments> job) {
    long last = events.head();
    var verifier = ChainVerifier.of(job.tenant(), events);
    List<Finding> findings =
        verifier.run(last, position -> job.progress(position, last, "positions"));
    findings.forEach(
        found ->
            LOG.error(
                "chain broken tenant={} position={} finding={}",
                job.tenant(),
                found.position(),
                found.what()));
    return verifier.heads().stream()
        .findFirst()
        .map(head -> new Verified(head.position(), head.events(), head.hash().toString(), findings))
        .orElseGet(() -> new Verified(0, 0, null, findings));
  }
}
