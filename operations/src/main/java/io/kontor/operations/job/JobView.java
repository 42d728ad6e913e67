package io.kontor.operations.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.kontor.api.message.Validation;
import io.kontor.job.queue.JobAdministration;
import io.kontor.job.queue.JobPriority;
import io.kontor.job.queue.JobRecord;
import io.kontor.job.queue.JobState;
import io.kontor.job.queue.JobStatistics;
import io.kontor.tenancy.TenantId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A job as it is answered.
 *
 * @param tenant absent for the installation's own tasks
 * @param runAt when it is or was due; after a failure, when it is tried again
 * @param maxAttempts absent where a process decides
 * @param failure of the last attempt
 * @param done of {@code total}, in units that the type knows
 * @param parent the job that it is a part of
 * @param decision what a person decided when the job was dead, and why
 * @param steerable whether it can be retried, cancelled or discarded here
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Job")
record JobView(
    UUID id,
    @Nullable TenantId tenant,
    String type,
    JobPriority priority,
    JobState state,
    @Nullable Instant createdAt,
    @Nullable String createdBy,
    Instant runAt,
    int attempts,
    @Nullable Integer maxAttempts,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable String failure,
    long done,
    long total,
    @Nullable String message,
    @Nullable UUID parent,
    boolean cancelRequested,
    @Nullable String decidedBy,
    @Nullable String decision,
    boolean steerable) {

  static JobView of(JobRecord job) {
    return new JobView(
        job.id(),
        job.tenant(),
        job.type(),
        job.priority(),
        job.state(),
        job.createdAt(),
        job.createdBy(),
        job.runAt(),
        job.attempts(),
        job.maxAttempts(),
        job.startedAt(),
        job.endedAt(),
        job.failure(),
        job.done(),
        job.total(),
        job.message(),
        job.parent(),
        job.cancelRequested(),
        job.decidedBy(),
        job.decision(),
        job.canBeSteered());
  }

  /** A job with what it was asked for and what came of it, which are the tenant's alone. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "JobContents")
  record Contents(
      @JsonUnwrapped JobView job, @Nullable JsonNode arguments, @Nullable JsonNode result) {

    static Contents of(JobAdministration.Contents contents, boolean isTenants, JsonMapper json) {
      return new Contents(
          JobView.of(contents.job()),
          isTenants ? tree(contents.arguments(), json) : null,
          isTenants ? tree(contents.result(), json) : null);
    }

    private static @Nullable JsonNode tree(@Nullable String text, JsonMapper json) {
      return text == null ? null : json.readTree(text);
    }
  }

  /** Figures of all types. */
  @Schema(name = "JobFigures")
  record Figures(List<JobStatistics> queues) {}

  /** Why a dead job is not to be done. */
  @Schema(
      name = "DiscardJob",
      example =
          """
          {"reason":"done by hand on 3 March"}
          """)
  record Discard(String reason) {
    Discard {
      Validation.text("reason", reason);
    }
  }
}
