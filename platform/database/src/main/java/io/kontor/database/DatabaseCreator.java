package io.kontor.database;

/** Creates databases for cells, in a program that runs the database server itself. */
@FunctionalInterface
public interface DatabaseCreator {
  /** The database of this name, created empty if there is none. */
  DatabaseConnectionDetails create(String name);
}
