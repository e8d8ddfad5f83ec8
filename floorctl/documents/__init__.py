"""What is handed to the city: ``day`` makes a document model from the Floor, the other modules write it to files."""
