package io.kontor.job.queue;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Does the jobs of a type. A job may be run more than once, so its effect has to be the same. */
public interface JobHandler<A> {
  JobType<A> type();

  /**
   * Does one attempt, in the job's tenant. An exception is a failure that may pass, unless it is a
   * {@link PermanentJobException}. An interrupt means that this node stops; the job is handed back.
   *
   * @return what came of it, stored as JSON and shown; null for nothing
   */
  @Nullable Object run(JobContext<A> job) throws Exception;

  /**
   * The arguments of a job that was enqueued with this revision or an older one.
   *
   * @throws PermanentJobException if the handler can't read the revision
   */
  default A read(int revision, JsonNode arguments, JsonMapper json) {
    if (revision != type().revision()) {
      throw new PermanentJobException(
          "arguments of revision %d can't be read, only of %d"
              .formatted(revision, type().revision()));
    }
    return json.treeToValue(arguments, type().arguments());
  }
}
