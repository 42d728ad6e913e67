package io.kontor.sagas.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.util.Base64;
import org.axonframework.deadline.dbscheduler.DbSchedulerBinaryDeadlineDetails;
import org.axonframework.messaging.ScopeDescriptor;
import org.axonframework.modelling.saga.AnnotatedSagaManager;
import org.axonframework.modelling.saga.repository.AnnotatedSagaRepository;
import org.axonframework.modelling.saga.repository.inmemory.InMemorySagaStore;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Deadlines that an earlier version stored reach the saga, whatever its classes are called now. */
@Tag("fast")
class StoredDeadlineTest {
  private final Serializer serializer = OrderDeadlineManager.serializer();

  @Test
  void aDeadlineOfTheFirstVersionIsReadAndFindsItsSaga() throws Exception {
    DbSchedulerBinaryDeadlineDetails stored = stored("order-deadline-0.1.0");

    assertThat(stored.getD()).isEqualTo(OrderStepGateway.DEADLINE);
    assertThat(stored.asDeadLineMessage(serializer).getPayload())
        .isEqualTo(new OrderStepGateway.StepDeadline(5));
    ScopeDescriptor scope = stored.getDeserializedScopeDescriptor(serializer);
    assertThat(manager().canResolve(scope)).as("%s finds its saga", scope).isTrue();
  }

  @Test
  void aDeadlineIsStoredUnderTheNameThatItHasAlwaysHad() {
    assertThat(serializer.typeForClass(OrderStepGateway.StepDeadline.class).getName())
        .isEqualTo("io.kontor.sagas.order.Errands$Wake");
  }

  private static OrderSagaManager manager() {
    return new OrderSagaManager(
        AnnotatedSagaManager.<OrderSaga>builder()
            .sagaType(OrderSaga.class)
            .sagaRepository(
                AnnotatedSagaRepository.<OrderSaga>builder()
                    .sagaType(OrderSaga.class)
                    .sagaStore(new InMemorySagaStore())
                    .build()));
  }

  /** The column {@code task_data} of a row, as that version wrote it. */
  private static DbSchedulerBinaryDeadlineDetails stored(String name)
      throws IOException, ClassNotFoundException {
    try (InputStream file =
            StoredDeadlineTest.class.getResourceAsStream("/stored/" + name + ".base64");
        var object = new ObjectInputStream(Base64.getMimeDecoder().wrap(file))) {
      return (DbSchedulerBinaryDeadlineDetails) object.readObject();
    }
  }
}
