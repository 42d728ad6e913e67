package io.kontor.sagas;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper;
import io.kontor.api.RejectedException;
import io.kontor.api.Rejection;
import io.kontor.api.message.MessageMetadata;
import io.kontor.job.JobSchedulerLifecycle;
import io.kontor.job.TaskProvider;
import io.kontor.job.TransactionalJobScheduler;
import io.kontor.personaldata.MasterKeys;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.personaldata.SealedText;
import io.kontor.postgres.TestDatabase;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.common.Registration;
import org.axonframework.eventhandling.AnnotationEventHandlerAdapter;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a policy works with: tasks that are stored in a real database, a clock that the test moves,
 * and aggregates that accept each command unless the test wants otherwise.
 */
public final class PolicyFixture implements AutoCloseable {
  public static final TenantId ACME = new TenantId("acme");
  public static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final TestDatabase database = TestDatabase.create();
  private final SettableClock clock = new SettableClock();
  private final Aggregates aggregates = new Aggregates();
  private final DataSource app = database.app();
  private final PersonalDataService personalData =
      PersonalDataService.of(
          new TenantTransactions(app), app, MasterKeys.of(MasterKeys.generate(), List.of()));
  private final List<AnnotationEventHandlerAdapter> handlers = new ArrayList<>();
  private final List<Task<?>> tasks = new ArrayList<>();
  private long version;

  public PolicyFixture() {
    clock.set(NOON);
  }

  public TransactionalJobScheduler jobs() {
    return new TransactionalJobScheduler(database.worker(), () -> {});
  }

  /** The database of tasks and jobs. */
  public DataSource worker() {
    return database.worker();
  }

  public SystemCommandSender commands() {
    return new SystemCommandSender(aggregates);
  }

  public InstantSource clock() {
    return clock::now;
  }

  public PersonalDataService personalData() {
    return personalData;
  }

  /** Publishes events to a policy and runs its tasks. */
  public void add(TaskProvider policy) {
    handlers.add(new AnnotationEventHandlerAdapter(policy));
    tasks.addAll(policy.tasks());
  }

  /** Publishes an event with the correlation id {@code c1}, now. */
  public void publish(Object event) {
    redeliver(event, ++version);
  }

  /** Publishes an event of a given version, which may have been published before. */
  public void redeliver(Object event, long eventVersion) {
    var message =
        new GenericDomainEventMessage<>(
            "test",
            "acme/1",
            eventVersion,
            event,
            Map.of(MessageMetadata.CORRELATION_ID, "c1"),
            UUID.randomUUID().toString(),
            clock.now());
    for (var handler : handlers) {
      try {
        handler.handle(message);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Lets time pass, then runs each task that is due by then, once. */
  public void elapse(Duration time) {
    clock.tick(time);
    runDueTasks();
  }

  /** Runs each due task once, in a process of its own. */
  public void runDueTasks() {
    var builder = TestHelper.createManualScheduler(database.worker(), tasks);
    builder.clock(clock).tableName(JobSchedulerLifecycle.TABLE);
    ManualScheduler scheduler = builder.build();
    scheduler.runAnyDueExecutions();
    scheduler.stop();
  }

  /** Rejects each command of the type. */
  public void reject(Class<?> command, Rejection reason) {
    aggregates.failures.put(command, () -> new RejectedException(reason));
  }

  /** Fails each command of the type. */
  public void fail(Class<?> command) {
    aggregates.failures.put(command, () -> new IllegalStateException("out of order"));
  }

  /** Accepts each command of the type again. */
  public void recover(Class<?> command) {
    aggregates.failures.remove(command);
  }

  /** The commands that were sent since this was last asked for. */
  public List<Object> sent() {
    var sent = List.copyOf(aggregates.sent);
    aggregates.sent.clear();
    return sent;
  }

  /** The scheduled tasks of the tenant, by name, and when each is due. */
  public Map<String, Instant> scheduled() {
    var scheduled = new HashMap<String, Instant>();
    JdbcClient.create(database.worker())
        .sql(
            "select task_name, execution_time from kontor.scheduled_tasks where tenant_id = 'acme'")
        .query(
            row -> {
              String name = row.getString(1);
              assertThat(scheduled.put(name, row.getTimestamp(2).toInstant()))
                  .as("a second task %s", name)
                  .isNull();
            });
    return scheduled;
  }

  public SealedText seal(String subject, String text) {
    return TenantContext.call(ACME, () -> personalData.seal(subject, text));
  }

  public void forget(String subject) {
    TenantContext.run(ACME, () -> personalData.forget(subject, personalData.keyOf(subject)));
  }

  @Override
  public void close() {
    database.close();
  }

  /** Answers commands. Each has to come for its tenant, from the system. */
  private static final class Aggregates implements CommandBus {
    private final List<Object> sent = new CopyOnWriteArrayList<>();
    private final Map<Class<?>, Supplier<RuntimeException>> failures = new ConcurrentHashMap<>();

    @Override
    public <C> void dispatch(CommandMessage<C> command) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <C, R> void dispatch(
        CommandMessage<C> command, CommandCallback<? super C, ? super R> callback) {
      assertThat(TenantContext.current()).isEqualTo(ACME);
      assertThat(command.getMetaData()).containsEntry(MessageMetadata.ACTOR, "system");
      sent.add(command.getPayload());
      var failure = failures.get(command.getPayloadType());
      callback.onResult(
          command,
          failure == null
              ? new GenericCommandResultMessage<>((R) null)
              : new GenericCommandResultMessage<R>(failure.get()));
    }

    @Override
    public Registration subscribe(
        String commandName, MessageHandler<? super CommandMessage<?>> handler) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Registration registerHandlerInterceptor(
        MessageHandlerInterceptor<? super CommandMessage<?>> interceptor) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Registration registerDispatchInterceptor(
        MessageDispatchInterceptor<? super CommandMessage<?>> interceptor) {
      throw new UnsupportedOperationException();
    }
  }
}
