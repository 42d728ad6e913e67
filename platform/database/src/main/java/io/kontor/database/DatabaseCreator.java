package io.kontor.database;

/** Creates and drops databases for cells, in a program that runs the database server itself. */
public interface DatabaseCreator {
  /** The database of this name, created empty if there is none. */
  DatabaseConnectionDetails create(String name);

  /** Drops the database of this name, if there is one, and closes the connections to it. */
  void drop(String name);
}
