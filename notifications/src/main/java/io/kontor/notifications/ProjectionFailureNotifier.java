package io.kontor.notifications;

import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobRequest;
import io.kontor.projection.write.ProjectionFailure;
import java.time.InstantSource;
import org.springframework.context.event.EventListener;

/**
 * Has the staff notified of a read model that could not take an event, by a job of the transaction
 * that parks the event: read models do not wait for notifications, nor fail with them.
 */
final class ProjectionFailureNotifier {
  private static final String BY = "notifications";

  private final JobQueue jobs;
  private final InstantSource clock;

  ProjectionFailureNotifier(JobQueue jobs, InstantSource clock) {
    this.jobs = jobs;
    this.clock = clock;
  }

  @EventListener
  void on(ProjectionFailure failure) {
    var arguments =
        new ProjectionFailureJob.Arguments(
            failure.projection(), failure.event(), clock.instant().toString());
    jobs.enqueue(failure.tenant(), JobRequest.of(ProjectionFailureJob.TYPE, arguments, BY));
  }
}
