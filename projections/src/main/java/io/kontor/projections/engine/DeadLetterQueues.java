package io.kontor.projections.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import javax.sql.DataSource;
import org.axonframework.common.DateTimeUtils;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.deadletter.jdbc.DeadLetterSchema;
import org.axonframework.eventhandling.deadletter.jdbc.DefaultDeadLetterStatementFactory;
import org.axonframework.eventhandling.deadletter.jdbc.JdbcSequencedDeadLetterQueue;
import org.axonframework.serialization.Serializer;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** Axon's dead-letter queue on Kontor's table. */
final class DeadLetterQueues {
  private static final int MAX_STREAMS = 10_000;
  private static final int MAX_EVENTS_OF_A_STREAM = 100_000;

  private static final DeadLetterSchema SCHEMA =
      DeadLetterSchema.builder()
          .deadLetterTable("kontor.dead_letter")
          .deadLetterIdentifierColumn("dead_letter_id")
          .processingGroupColumn("processing_group")
          .sequenceIdentifierColumn("sequence_identifier")
          .sequenceIndexColumn("sequence_index")
          .messageTypeColumn("message_type")
          .eventIdentifierColumn("event_identifier")
          .timestampColumn("time_stamp")
          .payloadTypeColumn("payload_type")
          .payloadRevisionColumn("payload_revision")
          .payloadColumn("payload")
          .metaDataColumn("metadata")
          .aggregateTypeColumn("aggregate_type")
          .aggregateIdentifierColumn("aggregate_identifier")
          .sequenceNumberColumn("sequence_number")
          .tokenTypeColumn("token_type")
          .tokenColumn("token")
          .enqueuedAtColumn("enqueued_at")
          .lastTouchedColumn("last_touched")
          .processingStartedColumn("processing_started")
          .causeTypeColumn("cause_type")
          .causeMessageColumn("cause_message")
          .diagnosticsColumn("diagnostics")
          .build();

  private DeadLetterQueues() {}

  static JdbcSequencedDeadLetterQueue<EventMessage<?>> queue(
      String projection,
      DataSource worker,
      TransactionManager transactions,
      Serializer serializer) {
    return JdbcSequencedDeadLetterQueue.<EventMessage<?>>builder()
        .processingGroup(projection)
        .connectionProvider(new TransactionAwareDataSourceProxy(worker)::getConnection)
        .transactionManager(transactions)
        .schema(SCHEMA)
        .eventSerializer(serializer)
        .genericSerializer(serializer)
        .statementFactory(new FairStatements(serializer))
        .maxSequences(MAX_STREAMS)
        .maxSequenceSize(MAX_EVENTS_OF_A_STREAM)
        .build();
  }

  /** Axon 4.13.0 pages claimable sequences by an event's index, and so finds the first few only. */
  private static final class FairStatements
      extends DefaultDeadLetterStatementFactory<EventMessage<?>> {

    FairStatements(Serializer serializer) {
      super(
          DefaultDeadLetterStatementFactory.<EventMessage<?>>builder()
              .schema(SCHEMA)
              .eventSerializer(serializer)
              .genericSerializer(serializer));
    }

    @Override
    public PreparedStatement claimableSequencesStatement(
        Connection connection, String projection, Instant claimedBefore, int offset, int limit)
        throws SQLException {
      PreparedStatement statement =
          connection.prepareStatement(
              """
              select * from kontor.dead_letter first
              where processing_group = ?
                and (processing_started is null or processing_started < ?)
                and not exists (
                  select from kontor.dead_letter earlier
                  where earlier.processing_group = first.processing_group
                    and earlier.sequence_identifier = first.sequence_identifier
                    and earlier.sequence_index < first.sequence_index)
              order by last_touched, dead_letter_id
              limit ? offset ?
              """);
      statement.setString(1, projection);
      statement.setString(2, DateTimeUtils.formatInstant(claimedBefore));
      statement.setInt(3, limit);
      statement.setInt(4, offset);
      return statement;
    }
  }
}
