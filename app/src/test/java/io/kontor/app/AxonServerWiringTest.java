package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand.Deposit;
import io.kontor.api.account.AccountId;
import io.kontor.api.ledger.TrialBalance;
import io.kontor.api.message.MessageMetadata;
import io.kontor.api.money.Money;
import io.kontor.api.transfer.TransferMoney;
import io.kontor.app.messaging.MessageSerializer;
import io.kontor.app.startup.StartupFailureAnalyzer;
import io.kontor.app.startup.StartupRequirements;
import io.kontor.eventstore.axonserver.AxonServerProperties;
import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.eventstore.event.StoreFailureReason;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.messaging.TenantMessageInterceptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.axonserver.connector.AxonServerConfiguration;
import org.axonframework.axonserver.connector.command.CommandSerializer;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.commandhandling.distributed.AnnotationRoutingStrategy;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

/** Messages over Axon Server and its configuration, without a server. */
@Tag("fast")
class AxonServerWiringTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final AccountId ALICE = new AccountId(ACME, UUID.randomUUID());
  private static final AccountId BOB = new AccountId(ACME, UUID.randomUUID());
  private static final Money TEN = Money.of("10.00", "EUR");

  private final MessageSerializer messages = new MessageSerializer(Jackson3Serializer.builder());
  private final CommandSerializer wire =
      new CommandSerializer(
          messages, AxonServerConfiguration.builder().componentName("kontor").build());

  @Test
  void aCommandArrivesAsItWasSentWithTenantActorAndTrace() {
    var deposit = new Deposit(ALICE, UUID.randomUUID(), TEN, "salary");
    Map<String, Object> metadata =
        Map.of(
            TenantMessageInterceptor.KEY, "acme",
            MessageMetadata.ACTOR, "tim",
            MessageMetadata.CORRELATION_ID, "c-1",
            MessageMetadata.TRACE_PARENT, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            MessageMetadata.EXPECTED_VERSION, 3L);
    CommandMessage<?> arrived =
        wire.deserialize(
            wire.serialize(new GenericCommandMessage<>(deposit, metadata), ALICE.toString(), 0));
    assertThat(arrived.getPayload()).isEqualTo(deposit);
    assertThat(arrived.getMetaData()).containsExactlyInAnyOrderEntriesOf(metadata);
    assertThat(arrived.getCommandName()).isEqualTo(Deposit.class.getName());
  }

  @Test
  void aRejectionComesBackAsTheSameRejection() {
    var rejection = new Rejection.InsufficientFunds(ALICE, TEN, Money.of("1.00", "EUR"));
    Throwable failure = answered(new RejectedException(rejection)).exceptionResult();
    assertThat(failure).isInstanceOf(CommandExecutionException.class);
    assertThat(((CommandExecutionException) failure).getDetails()).contains(rejection);
  }

  @Test
  void aBusyStoreComesBackAsABusyStore() {
    assertThat(StoreFailureReason.of(answered(new StoreBusyException("full")).exceptionResult()))
        .contains(StoreFailureReason.BUSY);
    assertThat(
            StoreFailureReason.of(answered(new IllegalStateException("a bug")).exceptionResult()))
        .isEmpty();
  }

  @Test
  void aListOfAnswersIsAListOfTheSameAnswers() {
    var books =
        List.of(
            new TrialBalance(Currency.getInstance("EUR"), "10.00", "10.00", "0"),
            new TrialBalance(Currency.getInstance("USD"), "2.00", "2.00", "0"));
    assertThat(asked(books)).isEqualTo(books);
    assertThat(asked(List.of())).isEmpty();
  }

  private List<TrialBalance> asked(List<TrialBalance> answer) {
    SerializedObject<byte[]> sent = messages.serialize(answer, byte[].class);
    return ResponseTypes.multipleInstancesOf(TrialBalance.class)
        .convert(messages.deserialize(sent));
  }

  /** All commands to a stream have one routing key, and so go to one node. */
  @Test
  void aCommandIsRoutedByItsStreamAndATransferByTheAccountThatPays() {
    var routing = AnnotationRoutingStrategy.defaultStrategy();
    var deposit = new Deposit(ALICE, UUID.randomUUID(), TEN, "salary");
    var transfer =
        new TransferMoney(UUID.randomUUID(), UUID.randomUUID(), ALICE, BOB, TEN, "rent", null);
    assertThat(
            Stream.of(deposit, transfer)
                .map(command -> routing.getRoutingKey(new GenericCommandMessage<>(command))))
        .containsOnly(ALICE.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|| KONTOR_AXONSERVER_SERVERS",
        "axon server |t| 'axon server'",
        "axon:0 |t| host:port",
        "axon:8124,|t| host:port",
        "axon:8124|| KONTOR_AXONSERVER_TOKEN",
      })
  void whatIsMissingOrMalformedIsSaid(String servers, String token, String message) {
    var environment = new MockEnvironment();
    environment.setActiveProfiles("axonserver");
    set(environment, "kontor.axonserver.servers", servers);
    set(environment, "kontor.axonserver.token", token);
    assertThat(rejection(environment)).startsWith("kontor.axonserver.").contains(message);
  }

  @Test
  void tlsIsAskedForAndItsCertificateIsThere(@TempDir Path folder) throws Exception {
    var environment = new MockEnvironment();
    environment.setActiveProfiles("axonserver");
    environment.setProperty("kontor.axonserver.servers", "a.example:8124,b.example");
    environment.setProperty("kontor.axonserver.token", "secret");
    environment.setProperty("kontor.axonserver.certificate", folder.resolve("ca.pem").toString());
    assertThat(rejection(environment)).contains("KONTOR_AXONSERVER_TLS=true");
    environment.setProperty("kontor.axonserver.tls", "perhaps");
    assertThat(rejection(environment))
        .isEqualTo("kontor.axonserver.tls is 'perhaps': must be true or false");
    environment.setProperty("kontor.axonserver.tls", "true");
    assertThat(rejection(environment)).contains("no readable file");
    Files.createFile(folder.resolve("ca.pem"));
    assertThatCode(() -> AxonServerProperties.of(environment)).doesNotThrowAnyException();
    assertThat(AxonServerProperties.of(environment).toString()).doesNotContain("secret");

    AxonServerProperties.of(environment).applyTo(environment);
    assertThat(environment.getProperty("axon.axonserver.servers"))
        .isEqualTo("a.example:8124,b.example");
    assertThat(environment.getProperty("axon.axonserver.ssl-enabled")).isEqualTo("true");
    assertThat(environment.getProperty("axon.axonserver.token")).isEqualTo("secret");
    assertThat(environment.getProperty("axon.axonserver.cert-file")).endsWith("ca.pem");
    assertThat(environment.getProperty("axon.axonserver.context")).isEqualTo("default");
  }

  private static String rejection(MockEnvironment environment) {
    Throwable failure = catchThrowable(() -> StartupRequirements.check(environment));
    return new StartupFailureAnalyzer().analyze(failure).getDescription();
  }

  @Test
  void theNodesOfTheComposeFileKnowTheirAxonServerByItsToken() throws Exception {
    var compose =
        ComposeFile.read("compose.axonserver.yaml", Map.of("KONTOR_AXONSERVER_TOKEN", "secret"));
    for (String node : List.of("kontor-1", "kontor-2")) {
      var environment = new StandardEnvironment();
      environment
          .getPropertySources()
          .addFirst(
              new SystemEnvironmentPropertySource(
                  "compose-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                  compose.environment(node)));
      assertThat(AxonServerProperties.areNeeded(environment)).isTrue();
      var settings = AxonServerProperties.of(environment);
      assertThat(settings.servers()).isEqualTo("axonserver:8124");
      assertThat(settings.token())
          .isEqualTo("secret")
          .isEqualTo(
              compose.environment("axonserver").get("AXONIQ_AXONSERVER_ACCESSCONTROL_TOKEN"));
    }
  }

  private CommandResultMessage<?> answered(Throwable failure) {
    return wire.deserialize(
        wire.serialize(GenericCommandResultMessage.asCommandResultMessage(failure), "request"));
  }

  private static void set(MockEnvironment environment, String name, String value) {
    if (value != null) {
      environment.setProperty(name, value);
    }
  }
}
