package io.kontor.eventstore;

import io.kontor.eventstore.AppendUnit.AnswerRow;
import io.kontor.tenancy.Tenancy;
import java.util.List;
import java.util.Optional;
import org.axonframework.modelling.command.ConcurrencyException;

/** Answers as events, appended by the transaction that appends what they tell of. */
final class AxonServerAnswers implements AnswerStore {
  private final AxonServerEngine engine;

  AxonServerAnswers(AxonServerEngine engine) {
    this.engine = engine;
  }

  /** Its position is not known by itself; the last one of all is not before it. */
  @Override
  public Optional<StoredAnswer> find(String key) {
    return engine
        .answerTo(Tenancy.current(), key)
        .map(
            answered ->
                new StoredAnswer(answered.fingerprint(), answered.answer(), engine.lastPosition()));
  }

  @Override
  public long append(AnswerRow answer) {
    try {
      return engine.append(List.of(), answer);
    } catch (ConcurrencyException sameKeyAtOnce) {
      throw new DuplicateRequestException(answer.key());
    }
  }
}
