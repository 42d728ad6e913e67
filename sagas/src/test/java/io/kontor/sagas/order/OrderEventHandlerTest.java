package io.kontor.sagas.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.api.account.AccountCommand.PlaceHold;
import io.kontor.api.order.OrderEvent.OrderPlaced;
import io.kontor.eventstore.subscription.TokenStores;
import io.kontor.postgres.TestDatabase;
import io.kontor.sagas.command.SystemCommandSender;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.modelling.saga.metamodel.AnnotationSagaMetaModelFactory;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The event processor of orders, with its tokens and sagas in the real database. */
@Timeout(60)
class OrderEventHandlerTest {
  private final TestDatabase database = TestDatabase.create();
  private final DataSource connections = database.worker();
  private final JdbcClient worker = JdbcClient.create(connections);
  private final Queue<Object> sent = new ConcurrentLinkedQueue<>();
  private final Configuration axon = processor();

  @AfterEach
  void stop() {
    axon.shutdown();
    database.close();
  }

  @Test
  void eventsWhoseSagasCouldNotBeStoredAreHandledAgain() {
    failTheFirstCommit();
    axon.start();
    publish(OrderSagaRunnerTest.order(0));
    await().untilAsserted(() -> assertThat(rows()).containsExactly("FORWARD SHIPPING"));
    assertThat(sent).filteredOn(PlaceHold.class::isInstance).hasSize(2);
  }

  /** As a database does that fails, or a node that is killed, between the commands and the end. */
  private void failTheFirstCommit() {
    JdbcClient owner = JdbcClient.create(database.owner());
    owner.sql("create sequence kontor.commits").update();
    owner
        .sql(
            """
            create function kontor.fail_first() returns trigger
              language plpgsql security definer set search_path = kontor, pg_temp as
            $$ begin
              if nextval('kontor.commits') = 1 then raise exception 'the disk is full'; end if;
              return null;
            end $$
            """)
        .update();
    owner
        .sql(
            """
            create constraint trigger fail_first after insert on kontor.saga
              deferrable initially deferred for each row execute function kontor.fail_first()
            """)
        .update();
  }

  private Configuration processor() {
    Serializer json = Jackson3Serializer.builder().build();
    var transactions = new JdbcTransactionManager(connections);
    var store = new OrderSagaStore(connections, json);
    var bus =
        new AnsweringCommandBus(
            command -> {
              sent.add(command);
              return "done";
            });
    var gateway =
        new OrderStepGateway(
            new SystemCommandSender(bus), InstantSource.system(), OrderSagaRunnerTest.PROPERTIES);
    var turn =
        new OrderSagaTurn(
            store,
            gateway,
            event -> {
              throw new AssertionError("no saga is parked");
            },
            new AnnotationSagaMetaModelFactory());
    var sagas = new StaticListableBeanFactory();
    sagas.addBean(
        "sagas", new OrderSagaRunner(store, turn, new SpringTransactionManager(transactions), 9));
    Configurer configurer =
        DefaultConfigurer.defaultConfiguration()
            .configureSerializer(axonItself -> json)
            .configureEmbeddedEventStore(axonItself -> new InMemoryEventStorageEngine())
            .registerComponent(
                TokenStore.class, axonItself -> TokenStores.store(connections, json));
    new OrderSagaConfiguration()
        .orderSaga(connections, transactions, sagas.getBeanProvider(OrderSagaRunner.class))
        .configureModule(configurer);
    return configurer.buildConfiguration();
  }

  private void publish(OrderPlaced order) {
    axon.eventStore()
        .publish(new GenericDomainEventMessage<>("Order", order.order().toString(), 0, order));
  }

  private List<String> rows() {
    return worker.sql("select state || ' ' || step from kontor.saga").query(String.class).list();
  }
}
