package io.kontor.job.queue;

/**
 * Figures of one type and priority.
 *
 * @param pending jobs that are due or will be, those after a failure included
 * @param processing jobs that run
 * @param failed pending jobs whose last attempt failed
 * @param completed in the last 24 hours
 * @param dead jobs that wait for a person
 * @param oldestWaitSeconds how long the oldest job that is due waits; 0 if none is due
 * @param perMinute jobs completed a minute, over the last five
 * @param paused whether no job of the type is admitted for the tenant, or for all
 */
public record JobStatistics(
    String type,
    JobPriority priority,
    long pending,
    long processing,
    long failed,
    long completed,
    long dead,
    long oldestWaitSeconds,
    double perMinute,
    boolean paused) {}
